/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript, run by Chromium as it is */
globalThis.atStart = { api: typeof globalThis.contract, second: typeof globalThis.second };
globalThis.drops = [];
const target = document.querySelector('#drop');
target?.addEventListener('dragover', (event) => event.preventDefault());
target?.addEventListener('drop', (event) => {
  event.preventDefault();
  globalThis.drops.push([...event.dataTransfer.files].map((file) => globalThis.contract.pathOf(file)));
});
