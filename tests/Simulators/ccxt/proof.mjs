// Runs ccxt as published against the Binance simulator and says, line by line, what it could do.
// Set from outside: addresses (urls), key and secret, documented options. Nothing of ccxt is changed.
//   node proof.mjs REST WS KEY SECRET CONTROL
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [rest, ws, apiKey, secret, control, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const ccxt = (await import(pathToFileURL(require.resolve('ccxt')).href)).default;

const say = (step, ok, detail) => process.stdout.write(`${JSON.stringify({ step, ok, detail: String(detail ?? '') })}\n`);
const check = (condition, what) => {
    if (!condition) throw new Error(`not so: ${what}`);
};
const near = (a, b) => Math.abs(a - b) < 1e-9;

async function step(name, run) {
    try {
        say(name, true, await withLimit(run()));
    } catch (e) {
        say(name, false, `${e.constructor.name}: ${e.message}`);
    }
}

// A step that hangs is a failed step.
function withLimit(promise) {
    let timer;
    const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('no end within 60 s')), 60000); });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function fails(name, expected, run) {
    await step(name, async () => {
        try {
            await run();
        } catch (e) {
            check(e instanceof expected, `${e.constructor.name} is a ${expected.name} (${e.message})`);
            return `${e.constructor.name}: ${e.message}`;
        }
        throw new Error(`not refused; expected ${expected.name}`);
    });
}

const play = (path, body) => fetch(`${control}/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

// Only the host of each address is replaced: the paths are ccxt's own.
function redirect(urls) {
    for (const [name, url] of Object.entries(urls)) {
        if (typeof url === 'object') redirect(url);
        else urls[name] = url.replace(/^https:\/\/[^/]+/, rest).replace(/^wss:\/\/[^/]+/, ws);
    }
}

async function make(Exchange, settings) {
    const exchange = new Exchange({ apiKey, secret, enableRateLimit: false, ...settings });
    redirect(exchange.urls.api);
    await exchange.loadHttpProxyAgent(); // as documented for ws:// addresses
    return exchange;
}

const spotOptions = { options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] } } };
const usdmOptions = { options: { defaultType: 'future', fetchMarkets: { types: ['linear'] } } };

// ---- spot ----
const spot = await make(ccxt.pro.binance, spotOptions);
await step('spot loadMarkets', async () => {
    const markets = await spot.loadMarkets();
    const m = markets['BTC/USDT'];
    check(m && m.active && m.spot, 'BTC/USDT is an active spot market');
    check(near(m.precision.amount, 0.00001) && near(m.limits.cost.min, 5), 'step and least notional are read');
    check(markets['OLD/USDT'].active === false, 'a market that does not trade is not active');
    return `${Object.keys(markets).length} markets`;
});
await step('spot fetchTime', async () => { check(Math.abs(await spot.fetchTime() - Date.now()) < 60000, 'the venue has our time'); });
await step('spot fetchBalance', async () => {
    const balance = await spot.fetchBalance();
    check(balance.free.USDT === 1000000, 'free USDT');
});
const spotId = `p${Date.now().toString(36)}`;
await step('spot createOrder market buy', async () => {
    const order = await spot.createOrder('BTC/USDT', 'market', 'buy', 0.01, undefined, { newClientOrderId: spotId });
    check(order.status === 'closed' && near(order.filled, 0.01) && near(order.average, 60000), 'filled at the set price');
    check(order.fees.length === 1 && order.fees[0].currency === 'BTC' && near(order.fees[0].cost, 0.00001), 'fee in the base asset');
});
await step('spot createOrder market sell', async () => {
    const order = await spot.createOrder('BTC/USDT', 'market', 'sell', 0.004);
    check(order.status === 'closed' && order.fees[0].currency === 'USDT', 'filled, fee in the quote asset');
});
await step('spot fetchOrder by client id', async () => {
    const order = await spot.fetchOrder(undefined, 'BTC/USDT', { origClientOrderId: spotId });
    check(order.clientOrderId === spotId && near(order.filled, 0.01), 'the order of this id');
});
await step('spot balance after trades', async () => {
    const balance = await spot.fetchBalance();
    check(near(balance.total.BTC, 0.00599), `bought less fee less sold: ${balance.total.BTC}`);
});
await step('spot createOrder limit, fetchOpenOrders, cancelOrder', async () => {
    const order = await spot.createOrder('BTC/USDT', 'limit', 'buy', 0.001, 50000);
    check(order.status === 'open', 'rests');
    const open = await spot.fetchOpenOrders('BTC/USDT');
    check(open.length === 1 && open[0].id === order.id, 'listed');
    check((await spot.fetchBalance()).used.USDT === 50, 'its cost is locked');
    const canceled = await spot.cancelOrder(order.id, 'BTC/USDT');
    check(canceled.status === 'canceled', 'canceled');
    check((await spot.fetchOpenOrders('BTC/USDT')).length === 0, 'gone');
});
await step('spot fetchOrders', async () => { check((await spot.fetchOrders('BTC/USDT')).length === 3, 'all three'); });
await step('spot fetchMyTrades', async () => {
    const trades = await spot.fetchMyTrades('BTC/USDT');
    check(trades.length === 2 && trades[0].side === 'buy' && near(trades[0].fee.cost, 0.00001), 'both trades with fees');
});
await fails('spot error InsufficientFunds', ccxt.InsufficientFunds, () => spot.createOrder('BTC/USDT', 'market', 'buy', 50));
await fails('spot error InvalidOrder (LOT_SIZE)', ccxt.InvalidOrder, () => spot.createOrder('BTC/USDT', 'market', 'buy', 9500));
await fails('spot error BadRequest (NOTIONAL)', ccxt.BadRequest, () => spot.createOrder('BTC/USDT', 'market', 'buy', 0.00005));
await fails('spot error OrderNotFound (query)', ccxt.OrderNotFound, () => spot.fetchOrder(undefined, 'BTC/USDT', { origClientOrderId: 'nosuchid' }));
await fails('spot error OrderNotFound (cancel)', ccxt.OrderNotFound, () => spot.cancelOrder('1', 'BTC/USDT'));
await fails('spot error BadSymbol', ccxt.BadSymbol, () => spot.privateGetOpenOrders({ symbol: 'NOSUCH' }));
await fails('spot error InvalidNonce', ccxt.InvalidNonce, () => spot.privateGetAccount({ timestamp: Date.now() - 3600000 }));
{
    const wrongSecret = await make(ccxt.binance, { ...spotOptions, secret: 'not the secret' });
    await fails('spot error AuthenticationError (signature)', ccxt.AuthenticationError, () => wrongSecret.privateGetAccount());
    const wrongKey = await make(ccxt.binance, { ...spotOptions, apiKey: apiKey.replace(/.$/, 'X') });
    await fails('spot error AuthenticationError (key)', ccxt.AuthenticationError, () => wrongKey.privateGetAccount());
}
await step('spot error 503 after acceptance, then found', async () => {
    await play('spot/fault', { fault: { match: 'POST /api/v3/order', executed: true, status: 503, code: -1000, message: 'Unknown error, please check your request or try again later.' } });
    const id = `${spotId}u`;
    try {
        await spot.createOrder('BTC/USDT', 'market', 'buy', 0.001, undefined, { newClientOrderId: id });
    } catch (e) {
        check(e instanceof ccxt.BaseError, e.message);
        const order = await spot.fetchOrder(undefined, 'BTC/USDT', { origClientOrderId: id });
        check(near(order.filled, 0.001), 'it was executed');
        return e.constructor.name;
    }
    throw new Error('the scripted 503 did not come');
});
await step('spot error DDoSProtection (ban)', async () => {
    await play('spot/ban', { milliseconds: 60000 });
    try {
        await spot.fetchBalance();
    } catch (e) {
        check(e instanceof ccxt.DDoSProtection, e.constructor.name);
        return e.message;
    } finally {
        await play('spot/ban', { milliseconds: 0 });
    }
    throw new Error('not refused');
});
await step('spot watchOrders', async () => {
    const first = spot.watchOrders('BTC/USDT');
    await subscribed('spot');
    await spot.createOrder('BTC/USDT', 'limit', 'buy', 0.001, 40000);
    const seen = (await first).at(-1);
    check(seen.symbol === 'BTC/USDT' && seen.status === 'open', 'the new order was pushed');
    const next = spot.watchOrders('BTC/USDT');
    await play('spot/price', { symbol: 'BTCUSDT', price: 40000 });
    const filled = (await next).at(-1);
    check(filled.id === seen.id && filled.status === 'closed', 'its fill was pushed');
});
await spot.close();

// ---- USD-M ----
const usdm = await make(ccxt.pro.binanceusdm, usdmOptions);
await step('usdm loadMarkets', async () => {
    const markets = await usdm.loadMarkets();
    const m = markets['BTC/USDT:USDT'];
    check(m && m.active && m.swap && m.contractSize === 1, 'BTC/USDT:USDT is an active perpetual of size 1');
    check(near(m.precision.amount, 0.001) && near(m.precision.price, 0.1) && near(m.limits.cost.min, 50), 'step, tick and least notional are read');
    return `${Object.keys(markets).length} markets`;
});
await step('usdm fetchBalance', async () => { check((await usdm.fetchBalance()).total.USDT === 1000000, 'wallet'); });
const usdmId = `q${Date.now().toString(36)}`;
await step('usdm one-way: market sell opens a short', async () => {
    const order = await usdm.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { newClientOrderId: usdmId, newOrderRespType: 'RESULT' });
    check(order.status === 'closed' && near(order.filled, 0.01), 'filled');
});
await step('usdm one-way: fetchPositions', async () => {
    const positions = await usdm.fetchPositions();
    check(positions.length === 1 && positions[0].side === 'short' && near(positions[0].contracts, 0.01) && positions[0].hedged === false, 'one short, nothing flat');
});
await step('usdm fetchOrder by client id', async () => {
    const order = await usdm.fetchOrder(undefined, 'BTC/USDT:USDT', { origClientOrderId: usdmId });
    check(order.clientOrderId === usdmId && near(order.average, 60000), 'the order of this id with its price');
});
await step('usdm one-way: reduce-only buy closes', async () => {
    const order = await usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, { reduceOnly: true, newOrderRespType: 'RESULT' });
    check(order.reduceOnly === true && order.status === 'closed', 'reduce-only, filled');
    check((await usdm.fetchPositions()).length === 0, 'flat symbols are not listed');
});
await step('usdm createOrder limit, fetchOpenOrders, cancelOrder', async () => {
    const order = await usdm.createOrder('BTC/USDT:USDT', 'limit', 'buy', 0.002, 58000);
    check((await usdm.fetchOpenOrders('BTC/USDT:USDT')).length === 1, 'listed');
    check((await usdm.cancelOrder(order.id, 'BTC/USDT:USDT')).status === 'canceled', 'canceled');
    check((await usdm.fetchOpenOrders('BTC/USDT:USDT')).length === 0, 'gone');
});
await step('usdm fetchOrders', async () => { check((await usdm.fetchOrders('BTC/USDT:USDT')).length === 3, 'all three'); });
await step('usdm fetchMyTrades', async () => {
    const trades = await usdm.fetchMyTrades('BTC/USDT:USDT');
    check(trades.length === 2 && trades[0].side === 'sell' && near(trades[0].fee.cost, 0.24), 'both trades with fees');
});
await step('usdm setLeverage, setMarginMode', async () => {
    await usdm.setLeverage(5, 'BTC/USDT:USDT');
    await usdm.setMarginMode('isolated', 'BTC/USDT:USDT');
    await usdm.setMarginMode('cross', 'BTC/USDT:USDT');
});
await step('usdm setPositionMode, hedge legs', async () => {
    await usdm.setPositionMode(true);
    check((await usdm.fetchPositionMode()).hedged === true, 'hedge mode');
    await usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.02, undefined, { positionSide: 'LONG' });
    await usdm.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.01, undefined, { positionSide: 'SHORT' });
    const positions = await usdm.fetchPositions();
    check(positions.length === 2 && positions.every((p) => p.hedged), 'two legs');
    check(positions.some((p) => p.side === 'long' && near(p.contracts, 0.02)) && positions.some((p) => p.side === 'short' && near(p.contracts, 0.01)), 'long and short');
    await usdm.createOrder('BTC/USDT:USDT', 'market', 'sell', 0.02, undefined, { hedged: true, reduceOnly: true });
    await usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, { hedged: true, reduceOnly: true });
    check((await usdm.fetchPositions()).length === 0, 'both closed');
});
await fails('usdm error wrong position side', ccxt.OperationRejected, () => usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01));
await step('usdm back to one-way', async () => { await usdm.setPositionMode(false); });
// ccxt chooses the futures' own error table by the address https://fapi.binance.com; on any other it knows the common codes only.
await fails('usdm error insufficient margin', ccxt.ExchangeError, () => usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 119));
await fails('usdm error reduce-only with nothing to reduce', ccxt.ExchangeError, () => usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, { reduceOnly: true }));
await fails('usdm error least notional', ccxt.ExchangeError, () => usdm.createOrder('ETH/USDT:USDT', 'market', 'buy', 0.005));
await fails('usdm error OrderNotFound', ccxt.OrderNotFound, () => usdm.fetchOrder(undefined, 'BTC/USDT:USDT', { origClientOrderId: 'nosuchid' }));
await fails('usdm error AuthenticationError', ccxt.AuthenticationError, async () => {
    const wrong = await make(ccxt.binanceusdm, { ...usdmOptions, secret: 'not the secret' });
    await wrong.fapiPrivateV3GetAccount();
});
await step('usdm watchOrders', async () => {
    const first = usdm.watchOrders('BTC/USDT:USDT');
    await subscribed('usdm');
    await usdm.createOrder('BTC/USDT:USDT', 'market', 'buy', 0.01, undefined, { newClientOrderId: `${usdmId}w` });
    let orders = await first;
    while (orders.at(-1).status !== 'closed') orders = await usdm.watchOrders('BTC/USDT:USDT');
    const last = orders.at(-1);
    check(last.clientOrderId === `${usdmId}w` && near(last.filled, 0.01), `the fill was pushed: ${JSON.stringify(last)}`);
});
await usdm.close();
say('end', true);
process.exit(0);

// Until the venue has the subscription.
async function subscribed(product) {
    for (;;) {
        const received = await (await fetch(`${control}/${product}/received`)).json();
        const connected = (await (await fetch(`${control}/${product}/state`)).json()).streams > 0;
        if (connected && (product === 'usdm' || received.some((r) => r.request === 'userDataStream.subscribe.signature' && r.status === 200))) return;
        await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
}
