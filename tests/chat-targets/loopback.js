// Preloaded into every server: whatever it listens on, it is 127.0.0.1.
const { Server } = require('net');
const { listen } = Server.prototype;
Server.prototype.listen = function (first, ...rest) {
  if (first && typeof first === 'object' && first.port !== undefined)
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest);
  if (/^\d+$/.test(String(first)))
    return listen.call(this, Number(first), '127.0.0.1', ...rest.filter((x) => typeof x === 'function'));
  return listen.call(this, first, ...rest);
};
