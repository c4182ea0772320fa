using System.Globalization;
using CSMultiConnector.Simulators.Binance;

// One venue a process: "binance --port 9443 [--control-port 9444] [--hedge] [--no-limits] [--more-instruments 50]".
if (args is not ["binance", .. var rest])
{
    Console.Error.WriteLine("usage: binance [--port PORT] [--control-port PORT] [--hedge] [--no-limits] [--more-instruments N]");
    return 2;
}

var options = new BinanceSimulatorOptions { ControlPort = 0 };
for (var i = 0; i < rest.Length; i++)
{
    var value = i + 1 < rest.Length && int.TryParse(rest[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
    switch (rest[i])
    {
        case "--port" when value is { } port:
            options = options with { Port = port };
            i++;
            break;
        case "--control-port" when value is { } port:
            options = options with { ControlPort = port };
            i++;
            break;
        case "--hedge":
            options = options with { HedgeMode = true };
            break;
        case "--no-limits":
            options = options.WithoutLimits();
            break;
        case "--more-instruments" when value is { } count:
            options = options.WithMoreInstruments(count);
            i++;
            break;
        default:
            Console.Error.WriteLine($"unknown or incomplete: {rest[i]}");
            return 2;
    }
}

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupted = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, OnSignal);
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, OnSignal);
await using var simulator = await BinanceSimulator.StartAsync(options, TimeProvider.System);
Console.WriteLine($"rest     {simulator.RestUrl}");
Console.WriteLine($"ws-api   {simulator.SpotWsApiUrl}");
Console.WriteLine($"streams  {simulator.UsdmStreamUrl}/private/ws?listenKey=…");
Console.WriteLine($"control  {simulator.ControlUrl}");
Console.WriteLine($"key      {simulator.Key.Key}");
Console.WriteLine($"secret   {simulator.Key.Secret}");
await stop.Task;
return 0;

void OnSignal(System.Runtime.InteropServices.PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}
