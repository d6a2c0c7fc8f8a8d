import { startApp } from './start.tsx';

startApp(window.tazpod, document);
