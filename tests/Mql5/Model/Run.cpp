#include "Run.h"

#include <algorithm>
#include <cstdio>

namespace model {

namespace {

constexpr const char* ServerName = "Broker-Demo";
constexpr std::int64_t Home = 5'012'345;
constexpr std::int64_t Abroad = 5'099'999;
constexpr const char* Secret = "s3cret-0f-the-property-test";
constexpr std::int64_t Begin = 1'763'650'000'000;
constexpr std::int64_t LongestConvergence = 240'000;
// A snapshot tells of one moment; the clocks of terminal and server read whole seconds.
constexpr std::int64_t MomentSlack = 2'500;

const std::vector<std::string> Lists = {"1001", "1001,1002", "1001,1002,1003", "0,1001", "0", "", "1002,1003"};

std::string Lots(std::int64_t units)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(units) / 1e8);
    return text;
}

} // namespace

Run::Run(std::uint64_t seed, bool trace)
    : m_seed(seed), m_tracing(trace), m_dice(seed * 7919 + 1), m_lineDice(m_dice.Branch()), m_utcMsc(Begin), m_network(m_clock), m_machine(m_clock, m_network, seed),
      m_program(m_machine), m_world(m_dice.Next()), m_binding(m_world, m_machine, m_program), m_host(m_dice.Branch(), "property", Secret)
{
    sim::Chance draw = m_dice.Branch();
    const std::int64_t kind = draw.Between(1, 20);
    plan.margin = kind <= 9 ? sim::MarginMode::Hedging : kind <= 18 ? sim::MarginMode::Netting : sim::MarginMode::Exchange;
    plan.listed = draw.Of(Lists);
    plan.exact = draw.OneIn(2);
    plan.accountSwitches = draw.OneIn(5);
    plan.eaRestarts = !draw.OneIn(4);
    plan.hostRestarts = !draw.OneIn(4);
    plan.lineFaults = !draw.OneIn(4);
    plan.terminalFaults = !draw.OneIn(4);
    plan.badHosts = draw.OneIn(6);
    plan.symbolFaults = draw.OneIn(4);
    plan.tradesPerMinute = draw.Of(std::vector<std::int64_t>{6, 30, 90, 300});
    plan.faultyMsc = draw.Between(15'000, 60'000);
    plan.listsChange = draw.OneIn(4);
    plan.longOutages = draw.OneIn(5);
    plan.deafConnects = draw.OneIn(4);
}

Run::~Run() = default;

void Run::Note(const std::string& text)
{
    if (!m_tracing) return;
    char time[32];
    std::snprintf(time, sizeof time, "%9.3f ", static_cast<double>(m_utcMsc - Begin) / 1000.0);
    m_trace += time + text + "\n";
}

void Run::Fail(const std::string& what)
{
    Note("FAILURE: " + what);
    if (m_failure.empty()) m_failure = what;
}

void Run::Prepare()
{
    m_clock.SetUtc(Begin * 1000);
    m_clock.onMove = [this] { CatchUp(); };
    m_network.onConnect = [this](const std::shared_ptr<mt::MemoryLine>& line) {
        if (m_utcMsc < m_refuseUntil) return false;
        Wire wire;
        wire.line = line;
        wire.deaf = m_utcMsc < m_deafUntil;
        if (wire.deaf) ++m_verdict.unanswered;
        else wire.host = m_host.Accept();
        if (!m_calm && plan.lineFaults) {
            if (m_lineDice.OneIn(3)) line->window = static_cast<std::size_t>(m_lineDice.Between(200, 6000));
            if (m_lineDice.OneIn(3)) line->sendPiece = static_cast<int>(m_lineDice.Between(1, 700));
            if (m_lineDice.OneIn(3)) line->readPiece = static_cast<int>(m_lineDice.Between(1, 300));
        }
        m_wires.push_back(wire);
        Note("connected, line " + std::to_string(wire.host));
        return true;
    };
    m_host.onSnapshot = [this](const std::string& terminal, const SnapshotLines& snapshot) { SeeSnapshot(terminal, snapshot); };
    m_host.onDeal = [this](const std::string& terminal, const DealLine& deal) { SeeDeal(terminal, deal); };
    if (m_tracing) {
        m_host.onNote = [this](const std::string& text) { Note("  host " + text); };
        m_machine.output.onPrint = [this](const std::string& text) { Note("    ea " + text); };
    }

    m_magics = {1001, 1002, 1003, 77, 0, 0};
    for (const char* name : {"EURUSD", "GBPUSD", "XAUUSD.x"}) {
        sim::SymbolFacts facts;
        facts.name = name;
        facts.path = std::string("Forex\\") + name;
        facts.description = "Grüße, \"quoted\" \\ and more";
        m_symbols.push_back(name);
        m_world.Server(ServerName).Describe(facts);
    }

    sim::TradeServer& server = m_world.Server(ServerName);
    server.zoneMinutes = m_dice.Of(std::vector<std::int64_t>{0, 120, 180, -300});
    m_world.Advance(Begin);
    server.Open(Home, plan.margin).Money(sim::DealType::Balance, 10'000, "deposit");
    server.Open(Abroad, m_dice.OneIn(2) ? sim::MarginMode::Hedging : sim::MarginMode::Netting);
    sim::Account& home = *server.Find(Home);
    if (!plan.exact && m_dice.OneIn(2)) home.positionMagic = sim::PositionMagic::LastDeal;
    m_world.Use(ServerName, Home);

    sim::TerminalFaults& t = m_world.view.faults;
    if (plan.terminalFaults) {
        t.lagMsc = m_dice.Of(std::vector<std::int64_t>{0, 30, 300});
        t.loseTransaction = m_dice.Of(std::vector<std::int64_t>{0, 200, 1000});
        t.repeatTransaction = m_dice.Of(std::vector<std::int64_t>{0, 200});
        t.swapTransactions = m_dice.Of(std::vector<std::int64_t>{0, 200});
        t.changeInCall = m_dice.Of(std::vector<std::int64_t>{0, 2, 20});
        t.emptyOnDisconnect = m_dice.Of(std::vector<std::int64_t>{0, 500, 1000});
        t.bursts = m_dice.Between(1, 6);
        t.burstGapMsc = m_dice.Of(std::vector<std::int64_t>{100, 700, 1500});
        t.authoriseMsc = m_dice.Of(std::vector<std::int64_t>{0, 2000});
        t.shuffles = !m_dice.OneIn(3);
        if (plan.exact) {
            t.inOrder = true;
        } else {
            t.dealLagMsc = m_dice.Of(std::vector<std::int64_t>{0, 400, 2000});
            t.lateDealPerMille = m_dice.Of(std::vector<std::int64_t>{0, 0, 100});
            t.lateDealMsc = 20'000;
        }
        if (plan.symbolFaults) {
            t.symbolLagMsc = 4000;
            m_world.view.heldSymbolsAreWatched = false;
        }
    }
    HostFaults& h = m_host.faults;
    h.journalMsc = m_dice.Of(std::vector<std::int64_t>{0, 50, 900});
    h.ackMsc = m_dice.Of(std::vector<std::int64_t>{0, 300, 1000});
    h.welcomeMsc = m_dice.Of(std::vector<std::int64_t>{0, 500});
    h.chatter = m_dice.Of(std::vector<std::int64_t>{0, 200});
    if (plan.badHosts) {
        h.wrongProof = 200;
        h.refuseLogin = 200;
        h.rubbish = 20;
        h.bye = 20;
        h.stopReading = 20;
    }
    m_host.heartbeatSeconds = m_dice.Of(std::vector<std::int64_t>{1, 2, 5});

    mt::Machine::Scope scope(m_machine);
    m_machine.variables["planted"] = {planted, 0};
    List(plan.listed);
    for (const auto& [name, value] : std::map<std::string, std::string>{{"ClientId", "property"}, {"ClientSecret", Secret}, {"ShowAlertOnError", "true"}})
        if (!m_program.SetInput(name, value)) Fail("no input " + name);

    // Some accounts were traded on before anybody watched.
    if (m_dice.OneIn(2))
        for (std::int64_t i = m_dice.Between(1, 12); i > 0; --i) {
            m_world.Advance(m_utcMsc + i);
            Trade();
        }
    if (m_dice.OneIn(2)) {
        m_world.view.Connect();
        BeginEa();
    } else {
        BeginEa();
        m_terminalBackAt = m_utcMsc + m_dice.Between(100, 5000);
    }
}

Verdict Run::Go()
{
    Prepare();
    while (m_utcMsc < Begin + plan.faultyMsc + m_awayMsc && m_failure.empty()) {
        Act();
        Step(m_dice.Of(std::vector<std::int64_t>{10, 50, 50, 100, 200}));
    }
    Calm();
    const std::int64_t calmAt = m_utcMsc;
    std::int64_t agreedSince = -1;
    const std::int64_t holds = m_dice.OneIn(8) ? 40'000 : 3'000;
    std::optional<std::string> difference = "not looked at";
    std::string noted;
    while (m_failure.empty() && m_utcMsc - calmAt < LongestConvergence) {
        Step(50);
        // What was said an instant ago is judged when it is stored.
        if (m_host.HasUnjournaled()) continue;
        difference = Difference();
        if (difference.value_or("agreed") != noted) Note("state: " + (noted = difference.value_or("agreed")));
        if (difference) agreedSince = -1;
        else if (agreedSince < 0) agreedSince = m_utcMsc;
        if (agreedSince >= 0 && m_utcMsc - agreedSince >= holds) break;
    }
    if (m_failure.empty() && difference) Fail("after the faults: " + *difference);
    m_verdict.convergedMsc = agreedSince - calmAt;
    if (m_failure.empty())
        if (const std::string leaks = Leaks(); !leaks.empty()) Fail(leaks);
    EndEa(REASON_REMOVE);
    for (const std::string& fault : m_machine.output.faults) Fail("the machine: " + fault);
    m_verdict.failure = m_failure;
    m_verdict.sessions = m_host.Sessions();
    m_verdict.deals = static_cast<std::int64_t>(m_world.Server(ServerName).Find(Home)->Dealt().size());
    return m_verdict;
}

void Run::Step(std::int64_t msc)
{
    m_clock.Advance(msc);
    m_program.Pump();
    CatchUp();
    if (m_binding.TakeAccountChange() && m_program.IsLoaded()) {
        Note("another account: the EA is loaded again");
        m_program.Reload(REASON_ACCOUNT);
        m_world.desk.Clear();
    }
    for (const std::string& violation : m_host.Violations()) Fail("host: " + violation);
}

// Everything but the EA, also while the EA waits within a call.
void Run::CatchUp()
{
    m_utcMsc = m_clock.UtcMicroseconds() / 1000;
    if (m_terminalBackAt >= 0 && m_utcMsc >= m_terminalBackAt) {
        m_terminalBackAt = -1;
        Note("terminal connects");
        m_world.view.Connect();
    }
    m_network.blackHole = m_utcMsc < m_swallowedUntil;
    m_world.Advance(m_utcMsc);
    m_host.Advance(m_utcMsc);
    PumpWires();
}

void Run::PumpWires()
{
    for (Wire& wire : m_wires) {
        if (wire.dead) continue;
        if (wire.deaf) {
            wire.dead = wire.line->ClosedByEa();
            continue;
        }
        if (wire.stallUntil > m_utcMsc) continue;
        wire.toHost += wire.line->Take();
        if (m_host.Reads(wire.host) && !wire.toHost.empty()) {
            const std::size_t piece = m_calm ? wire.toHost.size() : static_cast<std::size_t>(m_lineDice.Between(1, 4000));
            m_host.Receive(wire.host, wire.toHost.substr(0, piece));
            wire.toHost.erase(0, piece);
        }
        const std::string said = m_host.Take(wire.host, m_calm ? 1 << 20 : static_cast<std::size_t>(m_lineDice.Between(1, 2000)));
        if (!said.empty()) wire.line->Give(said);
        if (wire.line->ClosedByEa() && wire.toHost.empty()) {
            m_host.Lost(wire.host);
            wire.dead = true;
        } else if (m_host.IsClosed(wire.host)) {
            wire.line->Close();
            wire.dead = true;
        }
    }
    m_wires.remove_if([](const Wire& wire) { return wire.dead && wire.line->ClosedByEa(); });
}

// --- what goes on

void Run::Act()
{
    if (m_eaBackAt >= 0 && m_utcMsc >= m_eaBackAt) {
        m_eaBackAt = -1;
        BeginEa();
    }
    if (m_homeAt >= 0 && m_utcMsc >= m_homeAt) {
        m_homeAt = -1;
        Note("back to the first account");
        m_world.Use(ServerName, Home);
    }
    if (plan.listsChange && m_dice.PerMille(4)) m_wantsList = true;
    if (m_wantsList && MayList()) ChangeList();
    // An exact ledger goes on from one that is whole.
    const bool quiet = m_wantsList && plan.exact && plan.margin != sim::MarginMode::Hedging;
    if (!quiet && m_dice.PerMille(plan.tradesPerMinute * 80 * 1000 / 60 / 1000)) Trade();
    if (quiet && m_dice.OneIn(20)) m_host.WantSnapshots();
    if (m_dice.OneIn(3)) m_world.view.Tick("EURUSD");
    if (plan.eaRestarts && m_dice.PerMille(3)) TroubleEa();
    if (plan.lineFaults && m_dice.PerMille(6)) TroubleLine();
    if (plan.deafConnects && m_dice.PerMille(8)) TroubleConnects();
    if (plan.longOutages && m_dice.PerMille(3)) Away();
    if (plan.terminalFaults && m_dice.PerMille(4)) TroubleTerminal();
    if (plan.hostRestarts && m_dice.PerMille(2)) {
        RestartHost(m_dice.Between(0, 8000));
    }
    if (plan.accountSwitches && m_homeAt < 0 && m_dice.PerMille(2)) {
        Note("switch to the other account");
        m_world.Use(ServerName, Abroad);
        m_homeAt = m_utcMsc + m_dice.Between(500, 12'000);
    }
    if (plan.symbolFaults && m_dice.PerMille(4)) {
        sim::SymbolFacts facts = m_world.Server(ServerName).Symbols().at(m_dice.Of(m_symbols));
        facts.contractSize = facts.contractSize == 100'000 ? 1'000.5 : 100'000;
        m_world.Server(ServerName).Describe(facts);
    }
}

void Run::Trade()
{
    sim::Account& account = *m_world.Shown();
    const std::string symbol = m_dice.Of(m_symbols);
    sim::Request request;
    request.magic = m_dice.Of(m_magics);
    request.reason = request.magic != 0 ? sim::Reason::Expert : m_dice.Of(std::vector<sim::Reason>{sim::Reason::Client, sim::Reason::Mobile, sim::Reason::Web});
    request.comment = m_dice.OneIn(5) ? "über \"x\" \\" : "";
    if (!plan.exact && m_dice.OneIn(20)) Rarities(account);
    else if (account.IsHedging()) TradeHedging(account, symbol, request);
    else TradeNetting(account, symbol, request);
    if (m_tracing && !account.Dealt().empty()) {
        const sim::Deal& deal = account.Deals().at(account.Dealt().back());
        Note("trade: newest deal " + std::to_string(deal.ticket) + " of position " + std::to_string(deal.positionId) + " " + deal.symbol + " " + (deal.TradedSide() == sim::Side::Buy ? "buy " : "sell ")
             + Lots(deal.volume) + " magic " + std::to_string(deal.magic) + " entry " + std::to_string(static_cast<int>(deal.entry)) + " reason "
             + std::to_string(static_cast<int>(deal.reason)) + "; net " + Lots(account.NetOf(deal.symbol)));
    }
}

void Run::TradeHedging(sim::Account& account, const std::string& symbol, const sim::Request& request)
{
    const sim::Volume volume = m_dice.Between(1, 40) * 1'000'000;
    std::vector<sim::Position> held;
    for (const auto& [id, position] : account.Positions()) held.push_back(position);
    const std::int64_t what = held.size() > 12 ? m_dice.Between(4, 9) : m_dice.Between(0, 9);
    if (what <= 3 || held.empty()) {
        const sim::Side side = m_dice.OneIn(2) ? sim::Side::Buy : sim::Side::Sell;
        if (m_dice.OneIn(8)) {
            const std::uint64_t order = account.Place(symbol, side, volume + 1'000'000, request).order;
            account.Fill(order, 1'000'000);
            m_openOrders.push_back(order);
        } else {
            account.Trade(symbol, side, volume, request, static_cast<int>(m_dice.Between(1, 3)));
        }
        return;
    }
    const sim::Position& position = m_dice.Of(held);
    const sim::Volume part = m_dice.OneIn(2) ? 0 : std::max<sim::Volume>(1'000'000, position.volume / 2 / 1'000'000 * 1'000'000);
    switch (what) {
    case 4:
    case 5: account.Close(position.id, std::min(part, position.volume), request, static_cast<int>(m_dice.Between(1, 2))); break;
    case 6: {
        const auto magic = m_dice.Of(std::vector<sim::ForcedMagic>{sim::ForcedMagic::Zero, sim::ForcedMagic::OfPosition});
        account.Force(position.id, m_dice.Of(std::vector<sim::Reason>{sim::Reason::StopLoss, sim::Reason::TakeProfit, sim::Reason::StopOut}), 0, magic);
        break;
    }
    case 7: {
        for (const sim::Position& other : held)
            if (other.symbol == position.symbol && other.side != position.side) {
                account.CloseBy(position.id, other.id, request);
                return;
            }
        account.SetStops(position.id, 1.0, 2.0);
        break;
    }
    case 8:
        if (!m_openOrders.empty()) {
            // Perhaps the position was closed since: then its id appears again.
            account.Fill(m_openOrders.back(), m_dice.Between(1, 5) * 1'000'000);
            if (m_dice.OneIn(3)) m_openOrders.pop_back();
        }
        break;
    default: account.SetStops(position.id, 1.0, 2.0); break;
    }
}

void Run::TradeNetting(sim::Account& account, const std::string& symbol, const sim::Request& request)
{
    const sim::Position* held = account.OfSymbol(symbol);
    const sim::Volume volume = m_dice.Between(1, 6) * 10'000'000;
    const int fills = static_cast<int>(m_dice.Between(1, 3));
    const std::int64_t what = m_dice.Between(0, 9);
    if (held == nullptr || what <= 4) {
        account.Trade(symbol, m_dice.OneIn(2) ? sim::Side::Buy : sim::Side::Sell, volume, request, fills);
        return;
    }
    const sim::Position position = *held;
    switch (what) {
    case 5: account.Close(position.id, 0, request, fills); break;
    case 6: account.Trade(symbol, sim::Opposite(position.side), position.volume + volume, request); break;
    case 7:
    case 8: {
        const auto magic = m_dice.Of(std::vector<sim::ForcedMagic>{sim::ForcedMagic::Zero, sim::ForcedMagic::OfPosition, sim::ForcedMagic::Given});
        const sim::Volume part = m_dice.OneIn(2) ? 0 : std::min(volume, position.volume);
        account.Force(position.id, m_dice.Of(std::vector<sim::Reason>{sim::Reason::StopLoss, sim::Reason::TakeProfit, sim::Reason::StopOut}), part, magic, m_dice.Of(m_magics));
        break;
    }
    default: account.Trade(symbol, sim::Opposite(position.side), std::min(volume, position.volume), sim::Request{0, sim::Reason::Client, ""}); break;
    }
}

// What happens once in a while: cancelled deals, splits, rollovers, money.
void Run::Rarities(sim::Account& account)
{
    std::vector<std::int64_t> ids;
    for (const auto& [id, position] : account.Positions()) ids.push_back(id);
    switch (m_dice.Between(0, 5)) {
    case 0:
        if (!account.Dealt().empty()) {
            const std::size_t back = std::min<std::size_t>(account.Dealt().size(), static_cast<std::size_t>(m_dice.Between(1, 4)));
            account.CancelDeal(account.Dealt()[account.Dealt().size() - back]);
        }
        break;
    case 1:
        if (!ids.empty()) account.SetVolume(m_dice.Of(ids), m_dice.Between(1, 50) * 1'000'000);
        break;
    case 3:
        if (!ids.empty()) account.Vanish(m_dice.Of(ids));
        break;
    case 2:
        if (!ids.empty()) account.Rollover(m_dice.Of(ids), m_dice.OneIn(2), m_dice.Of(m_magics));
        break;
    default: account.Money(m_dice.OneIn(2) ? sim::DealType::Balance : sim::DealType::Credit, 100, "money"); break;
    }
}

void Run::BeginEa()
{
    m_binding.TakeAccountChange();
    m_world.desk.Clear();
    Note("the EA is attached");
    if (!m_program.IsLoaded() && !m_program.Load()) Fail("OnInit refused");
}

void Run::EndEa(int reason)
{
    if (!m_program.IsLoaded()) return;
    Note("the EA is removed, reason " + std::to_string(reason));
    m_program.Unload(reason);
    m_world.desk.Clear();
    CatchUp();
}

void Run::TroubleEa()
{
    if (!m_program.IsLoaded()) return;
    switch (m_dice.Between(0, 4)) {
    case 0: // as kill -9: nobody says anything
        for (Wire& wire : m_wires) {
            wire.dead = true;
            m_host.Lost(wire.host);
        }
        [[fallthrough]];
    case 1:
        EndEa(REASON_REMOVE);
        m_eaBackAt = m_utcMsc + m_dice.Between(0, 15'000);
        break;
    case 2:
        Note("chart change");
        if (!m_program.Restart(REASON_CHARTCHANGE)) Fail("OnInit refused after a chart change");
        break;
    case 3:
        Note("inputs");
        if (!m_program.Restart(REASON_PARAMETERS)) Fail("OnInit refused after inputs");
        break;
    default:
        Note("recompiled");
        if (!m_program.Reload(REASON_RECOMPILE)) Fail("OnInit refused after a recompile");
        m_world.desk.Clear();
        break;
    }
}

// Nobody listens for so long.
void Run::RestartHost(std::int64_t msc)
{
    m_host.Restart();
    for (Wire& wire : m_wires) {
        if (wire.deaf) continue;
        wire.line->Close();
        wire.dead = true;
    }
    m_refuseUntil = m_utcMsc + msc;
}

// The machine of the host is gone, or something listens there that does not answer.
void Run::TroubleConnects()
{
    const std::int64_t until = m_utcMsc + m_dice.Between(1000, 40'000);
    const bool swallowed = m_dice.OneIn(2);
    Note(swallowed ? "connects are not answered" : "connects are taken, and nobody answers");
    RestartHost(0);
    (swallowed ? m_swallowedUntil : m_deafUntil) = until;
}

// --- other magics

// The EA reads its inputs when it starts.
void Run::List(const std::string& magics)
{
    m_listed.clear();
    for (std::size_t at = 0; at <= magics.size() && !magics.empty();) {
        const std::size_t comma = std::min(magics.find(',', at), magics.size());
        m_listed.insert(std::stoll(magics.substr(at, comma - at)));
        at = comma + 1;
    }
    if (m_listed.empty()) m_listed.insert(0);
    m_everListed.insert(m_listed.begin(), m_listed.end());
    m_lists[m_world.Server(ServerName).Find(Home)->Dealt().size()] = m_listed;
    if (!m_program.SetInput("SourceMagics", magics)) Fail("no input SourceMagics");
}

// On a netting account what a deal does depends on who is listed: to know the ledger exactly, all that was dealt before has to be in it.
bool Run::MayList()
{
    if (!plan.exact || plan.margin == sim::MarginMode::Hedging) return true;
    if (m_world.Shown()->Login() != Home || m_host.HasUnjournaled() || Difference()) return false;
    std::uint64_t newest = 0;
    for (const std::uint64_t ticket : m_world.Shown()->Dealt())
        if (m_world.Shown()->Deals().at(ticket).Trades()) newest = std::max(newest, ticket);
    return m_host.Terminals().at(TerminalName()).stored.shownDeal >= static_cast<std::int64_t>(newest);
}

void Run::ChangeList()
{
    m_wantsList = false;
    ++m_verdict.lists;
    const std::string magics = m_dice.Of(Lists);
    Note("other magics: " + magics);
    if (m_program.IsLoaded() && m_dice.OneIn(2)) {
        EndEa(m_dice.OneIn(2) ? REASON_REMOVE : REASON_CHARTCLOSE);
        m_eaBackAt = m_utcMsc + m_dice.Between(0, 15'000);
    }
    List(magics);
    if (m_program.IsLoaded() && !m_program.Restart(REASON_PARAMETERS)) Fail("OnInit refused other magics");
}

// --- days

// One side is away for longer than the history that a session repeats; on the account things go on.
void Run::Away()
{
    enum { Ea, Host, Terminal, Machine };
    const std::int64_t kind = m_dice.Between(Ea, Machine);
    const std::int64_t until = m_utcMsc + m_dice.Between(20, 90) * 3'600'000;
    static const std::vector<std::string> names = {"the terminal is closed", "the host is away", "the terminal is offline", "the machine sleeps"};
    Note(names[static_cast<std::size_t>(kind)] + " for hours");
    const std::int64_t from = m_utcMsc;
    if (kind == Ea) {
        EndEa(REASON_CLOSE);
        m_eaBackAt = until;
    }
    if (kind == Host) RestartHost(until - m_utcMsc);
    if (kind == Ea || kind == Terminal) {
        m_world.view.Disconnect();
        m_terminalBackAt = until;
    }
    while (m_utcMsc < until && m_failure.empty()) {
        if (m_dice.OneIn(2)) Trade();
        const std::int64_t step = std::min(until - m_utcMsc, m_dice.Between(60'000, 3'600'000));
        if (kind == Machine) m_clock.Advance(step);
        else Step(step);
    }
    m_awayMsc += m_utcMsc - from;
    ++m_verdict.outages;
}

// --- positions that went without a deal

// The account is flat, but by its deals it is not: for the EA that looks like a terminal that has not loaded its positions, until a person
// says which numbers are gone.
void Run::TellWhatIsGone()
{
    sim::Account& home = *m_world.Server(ServerName).Find(Home);
    if (!home.IsHedging() || !home.Positions().empty()) return;
    std::map<std::int64_t, sim::Volume> open;
    for (const std::uint64_t ticket : home.Dealt()) {
        const sim::Deal& deal = home.Deals().at(ticket);
        if (!deal.Trades()) continue;
        sim::Volume& volume = open[deal.positionId];
        volume = std::max<sim::Volume>(0, volume + (deal.entry == sim::Entry::In ? deal.volume : -deal.volume));
    }
    std::string gone;
    for (const auto& [id, volume] : open)
        if (volume > 0) gone += (gone.empty() ? "" : ",") + std::to_string(id);
    if (gone.empty()) return;
    // Or trades: a list with something in it is believed after a while.
    if (gone.size() > 200 || m_dice.OneIn(4)) {
        home.Trade(m_symbols.front(), sim::Side::Buy, 10'000'000, sim::Request{0, sim::Reason::Client, ""});
        return;
    }
    Note("a person says that these are gone: " + gone);
    if (!m_program.SetInput("RemovedTickets", gone)) Fail("no input RemovedTickets");
    if (m_program.IsLoaded() && !m_program.Restart(REASON_PARAMETERS)) Fail("OnInit refused the numbers of what is gone");
}

void Run::TroubleLine()
{
    if (m_dice.OneIn(4)) {
        m_refuseUntil = m_utcMsc + m_dice.Between(100, 6000);
        return;
    }
    for (Wire& wire : m_wires) {
        if (wire.dead || wire.deaf || !m_dice.OneIn(2)) continue;
        switch (m_dice.Between(0, 2)) {
        case 0:
            Note("line " + std::to_string(wire.host) + " is cut, the EA does not notice");
            wire.line->silent = true;
            wire.line->Close();
            wire.dead = true;
            break;
        case 1:
            Note("line " + std::to_string(wire.host) + " is cut, both sides notice");
            wire.line->Close();
            m_host.Lost(wire.host);
            wire.dead = true;
            break;
        default: wire.stallUntil = m_utcMsc + m_dice.Between(100, 5000); break;
        }
    }
}

void Run::TroubleTerminal()
{
    if (!m_world.view.IsConnected()) return;
    Note("terminal disconnects");
    m_world.view.Disconnect();
    m_terminalBackAt = m_utcMsc + m_dice.Between(3'000, 12'000);
}

void Run::Calm()
{
    Note("the faults stop");
    m_calm = true;
    m_host.Calm();
    const bool inOrder = m_world.view.faults.inOrder;
    m_world.view.Calm();
    m_world.view.faults.inOrder = inOrder;
    m_refuseUntil = m_swallowedUntil = m_deafUntil = 0;
    if (m_homeAt >= 0) m_world.Use(ServerName, Home);
    m_homeAt = -1;
    if (m_terminalBackAt >= 0) m_terminalBackAt = m_utcMsc;
    TellWhatIsGone();
    if (!m_program.IsLoaded()) BeginEa();
    m_eaBackAt = -1;
    for (Wire& wire : m_wires) {
        wire.stallUntil = 0;
        wire.line->window = 1 << 20;
        wire.line->sendPiece = wire.line->readPiece = 1 << 30;
    }
}

// --- what has to hold

std::string Run::TerminalName() const { return std::to_string(m_world.Shown()->Login()) + "@" + ServerName; }

void Run::SeeSnapshot(const std::string& terminal, const SnapshotLines& snapshot)
{
    if (const std::string doubt = Doubt(terminal, snapshot); !doubt.empty()) {
        std::string totals;
        for (const auto& [symbol, level] : snapshot.totals) totals += " " + symbol + " +" + Lots(level.longLots) + " -" + Lots(level.shortLots);
        Fail("a snapshot " + doubt + ": totals" + totals + "; streams " + Describe(snapshot.positions));
    }
}

// A snapshot says what a synchronised terminal held at the moment that it names; empty = so it was.
std::string Run::Doubt(const std::string& terminal, const SnapshotLines& snapshot) const
{
    std::string doubt = "says what the terminal never held";
    const auto& moments = m_world.view.Moments();
    for (std::size_t i = 0; i < moments.size(); ++i) {
        const sim::TerminalView::Moment& moment = moments[i];
        if (std::to_string(moment.login) + "@" + ServerName != terminal) continue;
        if (TotalsOf(moment.positions) != snapshot.totals) continue;
        const std::int64_t until = i + 1 < moments.size() ? moments[i + 1].utcMsc : m_utcMsc;
        if (!moment.synchronised) doubt = "says what only a half-loaded terminal held";
        else if (until < snapshot.utcMsc - MomentSlack || moment.utcMsc > snapshot.utcMsc + MomentSlack) doubt = "says what the terminal held at another time";
        else if (plan.exact && m_world.Shown()->IsHedging() && snapshot.positions != HedgingHoldings(moment.positions, snapshot.listed)) doubt = "gives positions to other streams than opened them";
        else return "";
    }
    return doubt;
}

void Run::SeeDeal(const std::string& terminal, const DealLine& deal)
{
    const std::int64_t login = std::stoll(terminal);
    const sim::Account* account = m_world.Server(ServerName).Find(login);
    if (account == nullptr || !account->Deals().contains(static_cast<std::uint64_t>(deal.ticket))) {
        Fail("deal " + std::to_string(deal.ticket) + " is none of " + terminal);
        return;
    }
    const sim::Deal& truth = account->Deals().at(static_cast<std::uint64_t>(deal.ticket));
    const std::int64_t zone = m_world.Server(ServerName).zoneMinutes * 60'000;
    if (truth.volume != deal.lots || truth.symbol != deal.symbol || truth.magic != deal.magic || truth.timeMsc != deal.timeMsc || truth.positionId != deal.position
        || (truth.TradedSide() == sim::Side::Buy) != (deal.side == "buy"))
        Fail("deal " + std::to_string(deal.ticket) + " is told with other facts");
    if (deal.utcMsc != truth.timeMsc - zone) Fail("deal " + std::to_string(deal.ticket) + " is told with another time in UTC");
}

Levels Run::Expected(bool& exact) const
{
    const sim::Account& account = *m_world.Shown();
    exact = true;
    if (account.IsHedging()) return HedgingHoldings(account.Positions(), m_listed);
    exact = plan.exact;
    NettingOracle oracle({});
    for (std::size_t i = 0; i < account.Dealt().size(); ++i) {
        if (const auto list = m_lists.find(i); list != m_lists.end()) oracle.List(list->second);
        const sim::Deal& deal = account.Deals().at(account.Dealt()[i]);
        if (deal.Trades()) oracle.Apply(deal);
    }
    return oracle.Holdings();
}

std::optional<std::string> Run::Difference()
{
    const std::string name = TerminalName();
    if (!m_world.view.IsSynchronised() || m_world.view.IsWaiting()) return "the terminal is not synchronised";
    if (!m_host.IsLive(name)) return "no session of " + name;
    const Terminal& terminal = m_host.Terminals().at(name);
    if (!terminal.known) return "no snapshot";
    const sim::Account& account = *m_world.Shown();
    bool exact = false;
    const Levels expected = Expected(exact);
    if (exact && terminal.levels != expected) return "the host holds " + Describe(terminal.levels) + " where it should be " + Describe(expected);
    if (!account.IsHedging()) {
        std::map<std::string, std::int64_t> sums;
        for (const auto& [key, level] : terminal.levels) sums[key.second] += level.Net();
        for (const std::string& symbol : m_symbols) {
            if (sums[symbol] != account.NetOf(symbol)) return "the sum in " + symbol + " is " + Lots(sums[symbol]) + " where the account holds " + Lots(account.NetOf(symbol));
        }
    }
    if (const std::string records = Records(); !records.empty()) return records;
    return std::nullopt;
}

// Every deal of a listed stream is recorded, for that stream; every cancelled one that was recorded is void.
std::string Run::Records()
{
    const sim::Account& account = *m_world.Shown();
    const Stored& stored = m_host.Terminals().at(TerminalName()).stored;
    const std::int64_t zone = m_world.Server(ServerName).zoneMinutes * 60'000;
    const std::map<std::int64_t, std::int64_t>& from = m_host.Terminals().at(TerminalName()).historyFrom;
    NettingOracle oracle({});
    std::set<std::int64_t> listed;
    std::map<std::string, sim::Volume> net;      // netting
    std::map<std::string, std::size_t> opened;   // since which deal the account is not flat in the symbol
    std::map<std::int64_t, std::pair<std::int64_t, sim::Volume>> open; // by id: owner, volume
    for (std::size_t i = 0; i < account.Dealt().size(); ++i) {
        const std::uint64_t ticket = account.Dealt()[i];
        const sim::Deal& deal = account.Deals().at(ticket);
        if (const auto list = m_lists.find(i); list != m_lists.end()) {
            listed = list->second;
            oracle.List(listed);
        }
        if (deal.Trades()) {
            if (net[deal.symbol] == 0) opened[deal.symbol] = i;
            net[deal.symbol] += deal.SignedVolume();
        }
        const auto recorded = stored.deals.find(static_cast<std::int64_t>(ticket));
        if (deal.IsCanceled()) {
            if (recorded != stored.deals.end() && !stored.voided.contains(recorded->first)) return "deal " + std::to_string(ticket) + " was cancelled, the host does not know";
            continue;
        }
        if (!deal.Trades()) {
            if (recorded != stored.deals.end()) return "deal " + std::to_string(ticket) + " is no trade, but recorded";
            continue;
        }
        std::int64_t stream = -1;
        if (account.IsHedging()) {
            auto& [owner, volume] = open[deal.positionId];
            if (deal.entry == sim::Entry::In && volume <= 0) owner = deal.magic;
            volume += deal.entry == sim::Entry::In ? deal.volume : -deal.volume;
            stream = m_listed.contains(owner) ? owner : -1;
            // Of a stream that was listed once, those of that time are there.
            if (stream < 0 && m_everListed.contains(owner) && recorded != stored.deals.end()) stream = owner;
            // Volumes that changed without a deal, or by cancelled ones, make it unknowable when an id was flat.
            if (!plan.exact && recorded != stored.deals.end()) continue;
            if (!plan.exact && stream >= 0 && account.Positions().contains(deal.positionId) && account.Positions().at(deal.positionId).openedBy != owner) continue;
        } else {
            if (!plan.exact) continue;
            for (const std::int64_t magic : oracle.Apply(deal))
                if (stream < 0 && listed.contains(magic)) stream = magic;
            // What was dealt before anybody watched is told as well as it can be known.
            if (deal.timeMsc - zone < m_host.Terminals().at(TerminalName()).firstSessionMsc) continue;
            // What was dealt before other magics were listed was looked at then. A position from before is attributed by what is listed when a deal is
            // first told, or told again.
            if (i < m_lists.rbegin()->first || opened[deal.symbol] < m_lists.rbegin()->first) continue;
        }
        if (stream >= 0 && recorded == stored.deals.end() && from.contains(stream) && deal.timeMsc - zone < from.at(stream)) continue;
        if (stream < 0) {
            if (recorded != stored.deals.end() && plan.exact) return "deal " + std::to_string(ticket) + " changed no listed stream, but is recorded";
        } else if (recorded == stored.deals.end()) {
            return "deal " + std::to_string(ticket) + " of stream " + std::to_string(stream) + " is not recorded";
        } else if (recorded->second.stream != stream) {
            return "deal " + std::to_string(ticket) + " of stream " + std::to_string(stream) + " is recorded for " + std::to_string(recorded->second.stream);
        }
    }
    return "";
}

std::string Run::Leaks() const
{
    const std::string secret = Secret;
    for (const auto* texts : {&m_machine.output.printed, &m_machine.output.alerts})
        for (const std::string& text : *texts)
            if (text.find(secret) != std::string::npos) return "the secret is printed: " + text;
    return "";
}

} // namespace model
