/**
 * The script of the page. Everything is readable without it; it adds search, filters, links into closed parts, keys, copying,
 * and the details of findings that are stored packed. Data enters the page only as text.
 */
export const script = `
'use strict';
const root = document.documentElement;
root.classList.add('scripted');
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const findings = all('.finding');
const search = document.getElementById('search');
const severity = document.getElementById('severity');
const shown = document.getElementById('shown');
let packed;

async function unpack() {
  const element = document.getElementById('packed');
  const bytes = Uint8Array.from(atob(element.content.textContent.trim()), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

function add(parent, name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

async function fill(details) {
  if (details.dataset.packed === undefined) return;
  packed ??= unpack();
  const parts = (await packed)[details.dataset.packed];
  delete details.dataset.packed;
  for (const [label, text] of parts) {
    add(details, 'h4', label);
    const pre = add(details, 'pre', text);
    pre.tabIndex = 0;
  }
}

function openAround(element) {
  for (let one = element; one; one = one.parentElement) if (one.tagName === 'DETAILS') { one.open = true; }
  element.scrollIntoView();
}

function followHash() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) openAround(target);
}

function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const one of findings) {
    const text = one.textContent.toLowerCase();
    const fits = words.every((word) => word.startsWith('-') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word));
    const hidden = !fits || (severity.value !== '' && one.dataset.severity !== severity.value);
    one.classList.toggle('hidden', hidden);
    if (!hidden) count += 1;
  }
  for (const cause of all('.cause')) cause.classList.toggle('hidden', !cause.querySelector('.finding:not(.hidden)'));
  shown.textContent = count + ' of ' + findings.length + ' findings';
}

function move(step) {
  const visible = findings.filter((one) => !one.classList.contains('hidden'));
  const index = visible.findIndex((one) => one.contains(document.activeElement));
  const next = visible[Math.max(0, Math.min(visible.length - 1, index + step))];
  if (!next) return;
  openAround(next);
  next.querySelector('summary').focus();
}

async function copy(button) {
  const text = button.parentElement.querySelector('pre').textContent;
  try { await navigator.clipboard.writeText(text); } catch {
    const area = add(document.body, 'textarea', text);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

document.addEventListener('toggle', (event) => { if (event.target.open) fill(event.target); }, true);
document.addEventListener('click', (event) => { if (event.target.matches('.command button')) copy(event.target); });
addEventListener('hashchange', followHash);
if (search) {
  search.addEventListener('input', filter);
  severity.addEventListener('change', filter);
  const keys = document.getElementById('keys');
  document.addEventListener('keydown', (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return;
    if (event.key === '/') { event.preventDefault(); search.focus(); }
    if (event.key === 'j') move(1);
    if (event.key === 'k') move(-1);
  });
  filter();
}
followHash();
`;
