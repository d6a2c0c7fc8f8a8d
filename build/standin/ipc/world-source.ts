import { createBridge } from './bridge.ts';
import { createCodec } from './codec.ts';
import { installPageWorld } from './page-world.ts';
import { installPreloadWorld, type PreloadSetup } from './preload-world.ts';

/** What runs in a window's top frame only, and not in the page that a window begins with. */
const guardOf = (firstUrl: string): string =>
  `if (window !== window.top || location.href === ${JSON.stringify(firstUrl)}) return;`;

/** Text of the script for the preload's world. The preload script's own text is part of it, since its world allows no eval. */
export function toPreloadSource(setup: PreloadSetup, firstUrl: string, preload: string, preloadFile: string): string {
  return `(() => { ${guardOf(firstUrl)}
const createBridge = ${createBridge.toString()};
const createCodec = ${createCodec.toString()};
const install = ${installPreloadWorld.toString()};
install({ bridge: createBridge, codec: createCodec }, ${JSON.stringify(setup)}, function (require, module, exports, process) {
${preload}
});
})();
//# sourceURL=${preloadFile}`;
}

/** Text of the script for the page's world. */
export function toPageSource(token: string, firstUrl: string): string {
  return `(() => { ${guardOf(firstUrl)}
(${installPageWorld.toString()})(${createBridge.toString()}, ${JSON.stringify(token)});
})();`;
}
