// The host's side of docs/feed-protocol.md, read strictly and apart from the real host: it refuses what the page does not allow and keeps a list of
// every such line, it acknowledges late and in groups, forgets on restart what it had not acknowledged, and goes on from what it had.
#pragma once
#include "../Shim/Terminal/Chance.h"
#include "FlatJson.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace model {

struct Level {
    std::int64_t longLots = 0; // units of 1e-8
    std::int64_t shortLots = 0;
    std::int64_t Net() const { return longLots - shortLots; }
    bool IsFlat() const { return longLots == 0 && shortLots == 0; }
    bool operator==(const Level&) const = default;
};

/// By magic and symbol; who is flat is not in it.
using Levels = std::map<std::pair<std::int64_t, std::string>, Level>;

struct DealLine {
    std::int64_t stream = 0;
    std::int64_t magic = 0;
    std::int64_t ticket = 0;
    std::int64_t position = 0;
    std::string symbol;
    std::string side;
    std::string entry;
    std::string reason;
    std::int64_t lots = 0;
    std::int64_t timeMsc = 0;
    std::int64_t utcMsc = 0;
    Level level;
};

struct SnapshotLines {
    std::set<std::int64_t> listed; // by the session that it came in
    Levels positions;
    std::map<std::string, Level> totals;
    std::int64_t lastDeal = 0;
    std::int64_t timeMsc = 0;
    std::int64_t utcMsc = 0;
};

/// What the host does on purpose, per thousand or in milliseconds. All zero = a quick and kind host.
struct HostFaults {
    std::int64_t journalMsc = 0;      // longest time until a line is journaled
    std::int64_t ackMsc = 0;          // longest time from there to its acknowledgement
    std::int64_t welcomeMsc = 0;
    std::int64_t wrongProof = 0;      // the other side is no host
    std::int64_t refuseLogin = 0;     // busy, unauthorised, bye
    std::int64_t rubbish = 0;         // each second: a line that is none
    std::int64_t bye = 0;             // each second
    std::int64_t chatter = 0;         // each second: status, log, snapshot-wanted, unknown types, ping
    std::int64_t stopReading = 0;     // each second: does not read for up to ten seconds
};

/// What is durable of a terminal.
struct Stored {
    std::string margin;
    std::set<std::int64_t> listed;
    std::map<std::int64_t, DealLine> deals;
    std::set<std::int64_t> voided;
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> cursors; // by magic: ticket, time
    Levels ledger;
    Levels shown;
    std::int64_t shownDeal = 0;
};

/// One terminal as the host sees it.
struct Terminal {
    Stored stored;
    Levels levels;
    std::int64_t firstSessionMsc = 0;
    std::map<std::int64_t, std::int64_t> historyFrom; // by magic: what was dealt before need not be told, since no deal of it was recorded
    bool known = false; // a snapshot of this run of the host has come
};

class ModelHost {
public:
    ModelHost(sim::Chance chance, std::string client, std::string secret) : m_chance(chance), m_client(std::move(client)), m_secret(std::move(secret)) {}

    HostFaults faults;
    std::int64_t heartbeatSeconds = 5;

    // --- the network's side
    int Accept();
    /// False while the host does not read.
    bool Reads(int line) const;
    void Receive(int line, std::string_view bytes);
    /// The other side has closed or the line broke.
    void Lost(int line);
    /// What the host has to say, at most so many bytes.
    std::string Take(int line, std::size_t most);
    /// The host has closed and everything is said.
    bool IsClosed(int line) const;

    void Advance(std::int64_t utcMsc);
    /// A new process: every line is gone, and what was not journaled.
    void Restart();
    void Calm() { faults = HostFaults{}; }
    /// Asks every terminal for a snapshot.
    void WantSnapshots();

    // --- what it saw
    const std::vector<std::string>& Violations() const { return m_violations; }
    const std::map<std::string, Terminal>& Terminals() const { return m_terminals; }
    bool IsLive(const std::string& terminal) const;
    /// Deals or snapshots came that are not durable yet.
    bool HasUnjournaled() const;
    std::int64_t LinesDied() const { return m_died; }
    std::int64_t Sessions() const { return m_sessions; }

    std::function<void(const std::string& terminal, const SnapshotLines&)> onSnapshot;
    std::function<void(const std::string& terminal, const DealLine&)> onDeal;
    std::function<void(const std::string& text)> onNote;

private:
    struct Entry {
        enum class Kind { Nothing, Deal, Void, Snapshot };
        Kind kind = Kind::Nothing;
        std::int64_t due = 0;
        std::int64_t seq = 0;
        DealLine deal;
        std::int64_t ticket = 0;
        SnapshotLines snapshot;
    };

    struct Line {
        enum class State { Challenged, Welcoming, Live, Closed };
        State state = State::Challenged;
        std::string in;
        std::string out;
        std::string nonce;
        std::string theirNonce;
        std::string terminal;
        std::set<std::int64_t> listed;
        bool netting = false;
        bool proved = true;      // false: our proof was wrong on purpose
        bool gone = false;       // the network is gone
        std::int64_t acceptedAt = 0;
        std::int64_t welcomeAt = 0;
        std::int64_t lastRead = 0;
        std::int64_t lastSaid = 0;
        std::int64_t readsAt = 0;
        std::int64_t seqDue = 1;
        std::set<std::string> symbols;
        std::deque<Entry> journal;
        std::int64_t ackSeq = 0;
        std::int64_t ackedSeq = 0;
        std::int64_t ackAt = 0;
        bool snapshotOpen = false;
        bool snapshotBad = false;
        bool sawSnapshot = false;
        bool wantedSnapshot = false;
        std::string snapshotId;
        std::int64_t positionsDue = 0;
        std::int64_t totalsDue = 0;
        SnapshotLines snapshot;
        bool saidBye = false;
    };

    void TakeLine(Line& line, std::string_view text);
    void TakeHello(Line& line, std::string_view text);
    void Welcome(Line& line);
    void TakeLive(Line& line, std::string_view text);
    bool TakeSnapshotLine(Line& line, const FlatJson& json, std::int64_t seq, std::string& problem);
    std::string TakeFeedLine(Line& line, const FlatJson& json, std::int64_t seq);
    static Entry EntryOf(std::int64_t seq);
    void Queue(Line& line, Entry entry);
    void Apply(Line& line, const Entry& entry);
    void AdvanceLine(Line& line, bool second);
    void Chat(Line& line);
    void Say(Line& line, const std::string& text);
    void Close(Line& line, const std::string& reason);
    void Refuse(Line& line, const std::string& code, const std::string& why, std::int64_t seq);
    void Violation(const std::string& what);
    std::string Hmac(const std::string& text) const;
    std::string Hex(std::size_t digits);

    sim::Chance m_chance;
    std::string m_client;
    std::string m_secret;
    std::int64_t m_utcMsc = 0;
    std::int64_t m_secondAt = 0;
    std::map<int, std::unique_ptr<Line>> m_lines;
    int m_nextLine = 1;
    std::int64_t m_sessions = 0;
    std::int64_t m_died = 0;
    std::map<std::string, Terminal> m_terminals;
    std::set<std::string> m_nonces;
    std::vector<std::string> m_violations;
};

} // namespace model
