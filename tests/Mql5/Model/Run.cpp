#include "Run.h"
#include "RunFacts.h"

#include <algorithm>
#include <cstdio>

namespace model {

namespace {

constexpr std::int64_t LongestConvergence = 240'000;

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
        t.historyFails = sim::Chance(m_seed * 31 + 7).Of(std::vector<std::int64_t>{0, 0, 5, 100});
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
             + LotsText(deal.volume) + " magic " + std::to_string(deal.magic) + " entry " + std::to_string(static_cast<int>(deal.entry)) + " reason "
             + std::to_string(static_cast<int>(deal.reason)) + "; net " + LotsText(account.NetOf(deal.symbol)));
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

} // namespace model
