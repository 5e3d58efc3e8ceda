import { parseHostMessage } from './protocol.ts';
addEventListener('message', (event) => parseHostMessage(event.data));
