// A plain copier, as one might write it in an afternoon: each deal that comes as a line becomes a market order, at once. Nothing is stored.
//   node copier.mjs MODULES spot|usdm REST KEY SECRET PORT throttled|unthrottled
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, product, rest, apiKey, secret, port, throttle] = process.argv.slice(2);
const ccxt = (await import(pathToFileURL(createRequire(pathToFileURL(`${modules}/`)).resolve('ccxt')).href)).default;

// Documented options only. ccxt's own throttle is on by default; its connections are kept alive, as it does by itself.
const exchange = new ccxt.binance({
    apiKey, secret, enableRateLimit: throttle === 'throttled',
    options: product === 'spot'
        ? { defaultType: 'spot', fetchMarkets: { types: ['spot'] } }
        : { defaultType: 'future', fetchMarkets: { types: ['linear'] } },
});
(function redirect(urls) {
    for (const [name, url] of Object.entries(urls)) {
        if (typeof url === 'object') redirect(url);
        else urls[name] = url.replace(/^https:\/\/[^/]+/, rest);
    }
})(exchange.urls.api);
await exchange.loadMarkets();

const terminal = createConnection({ host: '127.0.0.1', port: Number(port), noDelay: true });
createInterface({ input: terminal }).on('line', async (line) => {
    const deal = JSON.parse(line);
    try {
        await exchange.createOrder(product === 'spot' ? `${deal.base}/USDT` : `${deal.base}/USDT:USDT`, 'market', deal.side, deal.amount);
        terminal.write('.');
    } catch (e) {
        terminal.write(`${e.constructor.name}: ${e.message}`);
    }
});
terminal.on('close', () => process.exit(0));
