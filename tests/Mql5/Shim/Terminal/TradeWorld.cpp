#include "TradeWorld.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace sim {

namespace {

using Arguments = std::map<std::string, std::string>;

// A mistake in a command: told in the answer.
struct CommandError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

constexpr std::array Verbs = {"account", "balance", "cancel-deal", "close", "closeby", "connect", "credit", "disconnect", "dump", "faults", "fill",
                              "open", "place", "reverse", "rollover", "sl", "so", "stops", "switch", "symbol", "tick", "tp", "vanish", "volume", "withdraw"};

std::string Quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
}

std::string Amount(Volume volume)
{
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%s%" PRId64 ".%08" PRId64, volume < 0 ? "-" : "", std::abs(volume) / OneLot, std::abs(volume) % OneLot);
    std::string out = text.data();
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out;
}

std::string Refused(const std::string& why) { return "{\"ok\":false,\"text\":" + Quoted(why) + "}"; }

std::string Answer(const Outcome& outcome)
{
    if (!outcome.Ok()) return Refused(outcome.problem);
    std::string deals;
    for (const std::uint64_t ticket : outcome.deals) deals += (deals.empty() ? "" : ",") + std::to_string(ticket);
    return "{\"ok\":true,\"order\":" + std::to_string(outcome.order) + ",\"deals\":[" + deals + "]}";
}

std::pair<std::string, Arguments> Split(const std::string& line)
{
    std::string verb;
    Arguments arguments;
    std::string word;
    bool quoted = false;
    const auto take = [&] {
        if (word.empty()) return;
        const std::size_t equals = word.find('=');
        if (verb.empty()) verb = word;
        else if (equals == std::string::npos) throw CommandError("key=value is expected, not " + word);
        else arguments[word.substr(0, equals)] = word.substr(equals + 1);
        word.clear();
    };
    for (const char c : line) {
        if (c == '"') quoted = !quoted;
        else if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) take();
        else word += c;
    }
    take();
    return {verb, arguments};
}

const std::string& Need(const Arguments& arguments, const std::string& key)
{
    const auto found = arguments.find(key);
    if (found == arguments.end()) throw CommandError(key + " is missing");
    return found->second;
}

std::string Text(const Arguments& arguments, const std::string& key, const std::string& otherwise = "")
{
    const auto found = arguments.find(key);
    return found == arguments.end() ? otherwise : found->second;
}

std::int64_t ToNumber(const std::string& key, const std::string& text)
{
    char* end = nullptr;
    const std::int64_t value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != 0) throw CommandError(key + " is a whole number, not " + text);
    return value;
}

std::int64_t Number(const Arguments& arguments, const std::string& key, std::int64_t otherwise)
{
    const auto found = arguments.find(key);
    return found == arguments.end() ? otherwise : ToNumber(key, found->second);
}

double Real(const Arguments& arguments, const std::string& key, double otherwise)
{
    const auto found = arguments.find(key);
    if (found == arguments.end()) return otherwise;
    char* end = nullptr;
    const double value = std::strtod(found->second.c_str(), &end);
    if (found->second.empty() || *end != 0) throw CommandError(key + " is a number, not " + found->second);
    return value;
}

Volume Lots(const Arguments& arguments, const std::string& key = "lots") { return std::llround(Real(arguments, key, 0) * static_cast<double>(OneLot)); }

Side SideOf(const Arguments& arguments)
{
    const std::string& side = Need(arguments, "side");
    if (side != "buy" && side != "sell") throw CommandError("side is buy or sell");
    return side == "buy" ? Side::Buy : Side::Sell;
}

Request RequestOf(const Arguments& arguments)
{
    static const std::map<std::string, Reason> reasons = {
        {"client", Reason::Client}, {"mobile", Reason::Mobile}, {"web", Reason::Web}, {"expert", Reason::Expert}, {"rollover", Reason::Rollover},
        {"vmargin", Reason::VariationMargin}, {"split", Reason::Split}};
    Request request;
    request.magic = Number(arguments, "magic", 0);
    const auto reason = reasons.find(Text(arguments, "reason", request.magic == 0 ? "client" : "expert"));
    if (reason == reasons.end()) throw CommandError("reason is client, mobile, web, expert, rollover, vmargin or split");
    request.reason = reason->second;
    request.comment = Text(arguments, "comment");
    return request;
}

// position=id or ticket, or symbol= with the one position that it has.
std::int64_t PositionOf(const Account& account, const Arguments& arguments, const std::string& key = "position")
{
    if (arguments.contains(key)) {
        const std::int64_t number = Number(arguments, key, 0);
        if (account.Positions().contains(number)) return number;
        if (const Position* found = account.ByTicket(static_cast<std::uint64_t>(number)); found != nullptr) return found->id;
        throw CommandError("no position " + std::to_string(number));
    }
    const Position* found = account.OfSymbol(Need(arguments, "symbol"));
    if (found == nullptr) throw CommandError("no position in " + Need(arguments, "symbol"));
    return found->id;
}

SymbolFacts FactsOf(const Arguments& arguments, SymbolFacts facts)
{
    facts.name = Need(arguments, "name");
    facts.base = Text(arguments, "base", facts.base);
    facts.profit = Text(arguments, "profit", facts.profit);
    facts.margin = Text(arguments, "margin", facts.margin);
    facts.path = Text(arguments, "path", facts.path);
    facts.description = Text(arguments, "description", facts.description);
    facts.digits = static_cast<int>(Number(arguments, "digits", facts.digits));
    facts.calcMode = static_cast<int>(Number(arguments, "calc", facts.calcMode));
    facts.contractSize = Real(arguments, "contract", facts.contractSize);
    facts.volumeMin = Real(arguments, "min", facts.volumeMin);
    facts.volumeMax = Real(arguments, "max", facts.volumeMax);
    facts.volumeStep = Real(arguments, "step", facts.volumeStep);
    facts.bid = Real(arguments, "bid", facts.bid);
    facts.ask = Real(arguments, "ask", facts.ask);
    return facts;
}

void SetFaults(TerminalFaults& faults, const Arguments& arguments)
{
    const std::map<std::string, std::int64_t*> known = {
        {"lag", &faults.lagMsc}, {"deal-lag", &faults.dealLagMsc}, {"late-deal", &faults.lateDealPerMille}, {"late-by", &faults.lateDealMsc},
        {"lose", &faults.loseTransaction}, {"repeat", &faults.repeatTransaction}, {"swap", &faults.swapTransactions}, {"change-in-call", &faults.changeInCall},
        {"empty-on-disconnect", &faults.emptyOnDisconnect}, {"bursts", &faults.bursts}, {"burst-gap", &faults.burstGapMsc},
        {"authorise", &faults.authoriseMsc}, {"symbol-lag", &faults.symbolLagMsc}, {"history-fails", &faults.historyFails}};
    for (const auto& [key, value] : arguments) {
        if (key == "shuffle") {
            faults.shuffles = ToNumber(key, value) != 0;
            continue;
        }
        const auto found = known.find(key);
        if (found == known.end()) throw CommandError("no fault is called " + key);
        *found->second = ToNumber(key, value);
    }
}

const char* NameOf(Entry entry)
{
    constexpr std::array names = {"in", "out", "inout", "out_by"};
    return names[static_cast<std::size_t>(entry)];
}

} // namespace

TradeServer& TradeWorld::Server(const std::string& name)
{
    auto& slot = m_servers[name];
    if (!slot) {
        slot = std::make_unique<TradeServer>(name, m_chance.Branch());
        slot->SetTime(m_utcMsc);
    }
    return *slot;
}

void TradeWorld::Advance(std::int64_t utcMsc)
{
    m_utcMsc = std::max(m_utcMsc, utcMsc);
    for (auto& [name, server] : m_servers) server->SetTime(m_utcMsc);
    view.Advance(m_utcMsc);
}

void TradeWorld::Use(const std::string& server, std::int64_t login)
{
    TradeServer& of = Server(server);
    Account* account = of.Find(login);
    if (account == nullptr) throw CommandError("no account " + std::to_string(login) + " at " + server);
    m_server = &of;
    m_account = account;
    view.Use(of, *account);
}

bool TradeWorld::Knows(const std::string& line)
{
    const std::string verb = line.substr(0, line.find_first_of(" \t\r\n"));
    return std::find(Verbs.begin(), Verbs.end(), verb) != Verbs.end();
}

std::string TradeWorld::Run(const std::string& line)
{
    try {
        const auto [verb, arguments] = Split(line);
        if (verb == "account") {
            const std::string margin = Text(arguments, "margin", "hedging");
            if (margin != "netting" && margin != "exchange" && margin != "hedging") throw CommandError("margin is netting, exchange or hedging");
            const std::string name = Text(arguments, "server", "Broker-Demo");
            const std::int64_t login = Number(arguments, "login", 5'012'345);
            TradeServer& server = Server(name);
            server.zoneMinutes = Number(arguments, "zone", server.zoneMinutes);
            Account& account = server.Open(login, margin == "hedging" ? MarginMode::Hedging : margin == "netting" ? MarginMode::Netting : MarginMode::Exchange);
            account.currency = Text(arguments, "currency", account.currency);
            account.tradeMode = static_cast<int>(Number(arguments, "mode", account.tradeMode));
            if (Text(arguments, "position-magic", "opener") == "last") account.positionMagic = PositionMagic::LastDeal;
            if (m_account == nullptr) Use(name, login);
            return "{\"ok\":true}";
        }
        if (m_account == nullptr) throw CommandError("first comes: account login=… server=… margin=…");
        if (verb == "switch") Use(Text(arguments, "server", m_server->Name()), Number(arguments, "login", 0));
        else if (verb == "connect") view.Connect();
        else if (verb == "disconnect") view.Disconnect();
        else if (verb == "faults") SetFaults(view.faults, arguments);
        else if (verb == "tick") view.Tick(Need(arguments, "symbol"));
        else if (verb == "dump") return Dump();
        else if (verb == "symbol") {
            const auto known = m_server->Symbols().find(Need(arguments, "name"));
            m_server->Describe(FactsOf(arguments, known == m_server->Symbols().end() ? SymbolFacts{} : known->second));
        } else {
            return RunTrade(verb, arguments);
        }
        view.Advance(m_utcMsc);
        return "{\"ok\":true}";
    } catch (const CommandError& error) {
        return Refused(error.what());
    }
}

std::string TradeWorld::RunTrade(const std::string& verb, const Arguments& arguments)
{
    Account& account = *m_account;
    Outcome outcome;
    const int fills = static_cast<int>(Number(arguments, "fills", 1));
    if (verb == "open") {
        outcome = account.Trade(Need(arguments, "symbol"), SideOf(arguments), Lots(arguments), RequestOf(arguments), fills);
    } else if (verb == "close") {
        outcome = account.Close(PositionOf(account, arguments), Lots(arguments), RequestOf(arguments), fills);
    } else if (verb == "closeby") {
        outcome = account.CloseBy(PositionOf(account, arguments), PositionOf(account, arguments, "by"), RequestOf(arguments));
    } else if (verb == "reverse") {
        const Position position = account.Positions().at(PositionOf(account, arguments));
        if (account.IsHedging()) throw CommandError("a hedging position is not turned round");
        const Volume lots = arguments.contains("lots") ? Lots(arguments) : position.volume;
        outcome = account.Trade(position.symbol, Opposite(position.side), position.volume + lots, RequestOf(arguments));
    } else if (verb == "sl" || verb == "tp" || verb == "so") {
        const std::string magic = Text(arguments, "magic", "position");
        const ForcedMagic kind = magic == "position" ? ForcedMagic::OfPosition : magic == "zero" ? ForcedMagic::Zero : ForcedMagic::Given;
        const Reason reason = verb == "sl" ? Reason::StopLoss : verb == "tp" ? Reason::TakeProfit : Reason::StopOut;
        outcome = account.Force(PositionOf(account, arguments), reason, Lots(arguments), kind, kind == ForcedMagic::Given ? ToNumber("magic", magic) : 0);
    } else if (verb == "place") {
        outcome = account.Place(Need(arguments, "symbol"), SideOf(arguments), Lots(arguments), RequestOf(arguments));
    } else if (verb == "fill") {
        outcome = account.Fill(static_cast<std::uint64_t>(Number(arguments, "order", 0)), Lots(arguments));
    } else if (verb == "withdraw") {
        outcome = account.Withdraw(static_cast<std::uint64_t>(Number(arguments, "order", 0)));
    } else if (verb == "rollover") {
        outcome = account.Rollover(PositionOf(account, arguments), Number(arguments, "same", 1) != 0, Number(arguments, "magic", 0));
    } else if (verb == "cancel-deal") {
        outcome = account.CancelDeal(static_cast<std::uint64_t>(Number(arguments, "deal", 0)));
    } else if (verb == "volume") {
        outcome = account.SetVolume(PositionOf(account, arguments), Lots(arguments));
    } else if (verb == "vanish") {
        outcome = account.Vanish(PositionOf(account, arguments));
    } else if (verb == "stops") {
        outcome = account.SetStops(PositionOf(account, arguments), Real(arguments, "sl", 0), Real(arguments, "tp", 0));
    } else if (verb == "balance" || verb == "credit") {
        outcome = account.Money(verb == "balance" ? DealType::Balance : DealType::Credit, Real(arguments, "amount", 0), Text(arguments, "comment"));
    } else {
        throw CommandError("no such verb: " + verb);
    }
    view.Advance(m_utcMsc);
    return Answer(outcome);
}

// What the server holds and what the terminal shows of it.
std::string TradeWorld::Dump() const
{
    std::ostringstream out;
    out << "{\"ok\":true,\"login\":" << m_account->Login() << ",\"server\":" << Quoted(m_server->Name()) << ",\"connected\":" << (view.IsConnected() ? "true" : "false")
        << ",\"synchronised\":" << (view.IsSynchronised() ? "true" : "false") << ",\"shown\":" << view.PositionIds().size() << ",\"positions\":[";
    bool first = true;
    for (const auto& [id, p] : m_account->Positions()) {
        out << (first ? "" : ",") << "{\"id\":" << id << ",\"ticket\":" << p.ticket << ",\"symbol\":" << Quoted(p.symbol) << ",\"side\":\""
            << (p.side == Side::Buy ? "buy" : "sell") << "\",\"lots\":" << Amount(p.volume) << ",\"magic\":" << p.magic << ",\"openedBy\":" << p.openedBy << "}";
        first = false;
    }
    out << "],\"deals\":[";
    first = true;
    for (const std::uint64_t ticket : m_account->Dealt()) {
        const Deal& d = m_account->Deals().at(ticket);
        out << (first ? "" : ",") << "{\"ticket\":" << ticket << ",\"order\":" << d.order << ",\"position\":" << d.positionId << ",\"type\":" << static_cast<int>(d.type)
            << ",\"entry\":\"" << NameOf(d.entry) << "\",\"reason\":" << static_cast<int>(d.reason) << ",\"magic\":" << d.magic << ",\"symbol\":" << Quoted(d.symbol)
            << ",\"lots\":" << Amount(d.volume) << ",\"timeMsc\":" << d.timeMsc << "}";
        first = false;
    }
    out << "]}";
    return out.str();
}

} // namespace sim
