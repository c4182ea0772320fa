// What goes wrong in a history, and that it stops.
#include "Run.h"
#include "RunFacts.h"

#include <algorithm>

namespace model {

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

} // namespace model
