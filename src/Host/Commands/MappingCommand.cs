using System.CommandLine;
using System.Globalization;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>mapping</c>: which instrument an MT5 symbol is traded through.</summary>
internal static class MappingCommand
{
    public static Command Build(CommandEnvironment environment) => new("mapping", "Show and change how MT5 symbols are mapped to instruments.")
    {
        List(environment),
        Set(environment),
        Reset(environment),
    };

    private static ApiCommand List(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        return new ApiCommand("list", "Show the mapping of a connector.", environment) { connector }.Calls(async (call, cancellation) =>
            call.Finish(
                await call.Api.GetAsync(
                    ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "mapping"), PortalJson.Default.IReadOnlyListMappingDto, cancellation),
                PortalJson.Default.IReadOnlyListMappingDto,
                Write));
    }

    private static ApiCommand Set(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        var symbol = new Argument<string>("symbol") { Description = "The MT5 symbol, as the terminal writes it." };
        var instrument = new Argument<string?>("instrument") { Description = "The venue's symbol.", Arity = ArgumentArity.ZeroOrOne };
        var exclude = new Option<bool>("--exclude") { Description = "The symbol is not traded here." };
        var scale = new Option<decimal>("--scale")
        {
            Description = "MT5 base units that one base unit of the instrument stands for (1000 for 1000PEPE).",
            HelpName = "N",
            DefaultValueFactory = _ => 1m,
            CustomParser = result =>
            {
                if (decimal.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n > 0m) return n;
                result.AddError($"--scale {result.Tokens[0].Value}: expected a number above zero.");
                return 1m;
            },
        };
        var command = new ApiCommand("set", "Map a symbol by hand.", environment) { connector, symbol, instrument, exclude, scale };
        command.Validators.Add(result =>
        {
            if (result.GetValue(exclude) == (result.GetValue(instrument) is not null)) result.AddError("Name either an instrument or --exclude.");
        });
        return command.Calls(async (call, cancellation) => call.Finish(await call.Api.SendAsync(
            HttpMethod.Put,
            ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "mapping"),
            new SetMappingRequest(call.Parsed.GetRequiredValue(symbol), call.Parsed.GetValue(instrument), call.Parsed.GetValue(scale)),
            PortalJson.Default.SetMappingRequest,
            PortalJson.Default.CommandDto,
            cancellation)));
    }

    private static ApiCommand Reset(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        var symbol = new Argument<string?>("symbol") { Description = "One MT5 symbol; none = all.", Arity = ArgumentArity.ZeroOrOne };
        return new ApiCommand("reset", "Forget what was resolved; it is resolved anew.", environment) { connector, symbol }
            .Calls(async (call, cancellation) => call.Finish(await call.Api.SendAsync(
                HttpMethod.Post,
                ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "mapping/reset"),
                new ResetMappingRequest(call.Parsed.GetValue(symbol)),
                PortalJson.Default.ResetMappingRequest,
                PortalJson.Default.CommandDto,
                cancellation)));
    }

    private static void Write(TextWriter o, IReadOnlyList<MappingDto> mapping)
    {
        var table = new TextTable("symbol", "instrument", "scale", "source", "");
        foreach (var m in mapping) table.Add(m.Symbol, m.Instrument ?? "-", StatusText.Number(m.Scale), m.Source, m.Text);
        if (table.IsEmpty) o.WriteLine("No symbol has been seen yet.");
        else table.Write(o);
    }
}
