import { readOf, reportable, reported, type ForeignPact, type Version } from './foreign-pacts.ts';

/** Kinds that only some versions have. */
export const specialPacts: Record<string, readonly [Version, ForeignPact]> = {
  'a pending interaction fails': [
    '4.0',
    {
      interactions: [
        readOf('4.0'),
        { ...readOf('4.0', { description: 'soon', response: { status: 451 } }), pending: true },
      ],
      results: ['verified', 'pending'],
      published: true,
    },
  ],
  'a message beside a read': [
    '4.0',
    {
      interactions: [
        readOf('4.0'),
        { type: 'Asynchronous/Messages', description: 'an event', contents: { content: {} } },
      ],
      results: ['verified', 'skipped'],
      published: undefined,
    },
  ],
  'a message pact of version 3': [
    '3.0.0',
    {
      interactions: [],
      messages: [{ description: 'an event', contents: {} }],
      results: ['skipped'],
      published: undefined,
    },
  ],
  'a plugin that no interaction needs': [
    '4.0',
    {
      interactions: [readOf('4.0')],
      metadata: { plugins: [{ name: 'protobuf', version: '0.3.15', configuration: {} }] },
      results: ['verified'],
      published: true,
    },
  ],
  'a plugin that an interaction needs': [
    '4.0',
    {
      interactions: [
        readOf('4.0'),
        { ...readOf('4.0', { description: 'rpc' }), pluginConfiguration: { protobuf: {} } },
      ],
      metadata: { plugins: [{ name: 'protobuf', version: '0.3.15' }] },
      results: ['verified', 'skipped'],
      published: undefined,
    },
  ],
  'a status class': [
    '4.0',
    {
      interactions: [
        readOf('4.0', {
          states: [{ name: 'the managed client does not exist' }],
          response: {
            status: 400,
            matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'clientError' }] } },
          },
        }),
      ],
      results: ['verified'],
      published: true,
    },
  ],
  'two states of one client and caller': [
    '3.0.0',
    {
      interactions: [readOf('3.0.0', { states: [reported, reportable] })],
      results: ['verified'],
      published: true,
    },
  ],
  'states of different clients': [
    '3.0.0',
    {
      interactions: [readOf('3.0.0', { states: [reported, { name: 'the managed client does not exist' }] })],
      results: ['inconclusive'],
      published: undefined,
    },
  ],
  'a rule that Pact cannot read': [
    '3.0.0',
    {
      interactions: [
        readOf('3.0.0'),
        readOf('3.0.0', {
          description: 'odd',
          response: {
            body: { type: 'CCG' },
            matchingRules: { body: { '$.[': { matchers: [{ match: 'regex', regex: '(' }] } } },
          },
        }),
      ],
      results: ['verified', 'inconclusive'],
      published: undefined,
    },
  ],
  'a status of a wrong type': [
    '4.0',
    {
      interactions: [readOf('4.0'), readOf('4.0', { description: 'odd', response: { status: '200' } })],
      results: ['verified', 'inconclusive'],
      published: undefined,
    },
  ],
  'a path of a rule beyond all numbers': [
    '3.0.0',
    {
      interactions: [
        readOf('3.0.0', {
          description: 'odd',
          response: {
            body: { type: 'CCG' },
            matchingRules: { body: { '$[99999999999999999999]': { matchers: [{ match: 'type' }] } } },
          },
        }),
        readOf('3.0.0'),
      ],
      results: ['inconclusive', 'verified'],
      published: undefined,
    },
  ],
  'pending before version 4': [
    '3.0.0',
    {
      interactions: [
        readOf('3.0.0'),
        { ...readOf('3.0.0', { description: 'soon', response: { status: 418 } }), pending: true },
      ],
      results: ['verified', 'failed'],
      published: false,
    },
  ],
  'a wrong Content-Length': [
    '3.0.0',
    {
      interactions: [
        readOf('3.0.0', { request: { headers: { 'Content-Length': '8', Expect: '100-continue' } } }),
      ],
      results: ['verified'],
      published: true,
    },
  ],
  'a status that its state does not explain': [
    '4.0',
    {
      interactions: [{ ...readOf('4.0', { response: { status: 404 } }), pending: true }],
      results: ['pending'],
      published: true,
    },
  ],
};
