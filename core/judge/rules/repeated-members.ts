import { readText } from '../../http/read-body.ts';
import { repeatedMember } from '../../http/repeated-members.ts';
import { violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** No member name occurs twice in an object. JSON.parse hides it. */
export const repeatedMembers: Rule = {
  judge({ operation, mediaType, json, response: { body, status } }) {
    if (operation === undefined || mediaType !== 'application/json' || json.kind !== 'value') return [];
    const reading = readText(body);
    const member = reading.kind === 'text' ? repeatedMember(reading.text) : undefined;
    if (member === undefined) return [];
    // Names below body are those of the client.
    const site = member.startsWith('body/') ? '/body' : `/${member}`;
    return [violation('response.body.repeated-member', { site, details: { member, status } })];
  },
};
