#include "ModelHost.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace model {

namespace {

constexpr std::size_t ProofTail = 76; // ,"proof":"<64 hex>"}
constexpr std::size_t MaxViolations = 20;

bool IsHex(std::string_view text, std::size_t digits)
{
    return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

std::string Lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string Lots(std::int64_t units)
{
    std::string rest = std::to_string(units % 100'000'000);
    return std::to_string(units / 100'000'000) + "." + std::string(8 - rest.size(), '0') + rest;
}

// UTF-16 units, as the page counts characters.
std::size_t Characters(const std::string& utf8)
{
    std::size_t count = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) count += byte >= 0xF0 ? 2 : 1;
    }
    return count;
}

// The fields of a line; the first that is not allowed is kept.
class Fields {
public:
    explicit Fields(const FlatJson& json) : m_json(json) {}

    const std::string& Problem() const { return m_problem; }

    std::int64_t Integer(const char* key, std::int64_t low = 0, std::int64_t high = INT64_MAX)
    {
        const Field* field = Need(key, Field::Kind::Number);
        const auto value = field == nullptr ? std::nullopt : ToInteger(field->text, low, high);
        if (!value) Bad(key);
        return value.value_or(0);
    }

    std::int64_t Amount(const char* key, bool aboveZero = false, bool notNegative = false, bool lots = false)
    {
        const Field* field = Need(key, Field::Kind::Number);
        const auto value = field == nullptr ? std::nullopt : ToDecimal(field->text);
        if (!value || (aboveZero && value->units <= 0) || (notNegative && value->units < 0) || (lots && !value->exact)) Bad(key);
        return value ? value->units : 0;
    }

    std::string Name(const char* key, std::size_t low, std::size_t high)
    {
        const Field* field = Need(key, Field::Kind::Text);
        if (field == nullptr || Characters(field->text) < low || Characters(field->text) > high || HasControl(field->text)) Bad(key);
        return field == nullptr ? "" : field->text;
    }

    std::string Word(const char* key, std::initializer_list<const char*> allowed)
    {
        const Field* field = Need(key, Field::Kind::Text);
        if (field == nullptr || std::none_of(allowed.begin(), allowed.end(), [&](const char* word) { return field->text == word; })) Bad(key);
        return field == nullptr ? "" : field->text;
    }

    void Prose(const char* key)
    {
        if (Need(key, Field::Kind::Text) == nullptr) Bad(key);
    }

    void Flag(const char* key)
    {
        const Field* field = m_json.Find(key);
        if (field == nullptr || (field->kind != Field::Kind::True && field->kind != Field::Kind::False)) Bad(key);
    }

    std::string Token(const char* key)
    {
        const Field* field = m_json.Find(key);
        if (field == nullptr) return Bad(key), "";
        if (field->kind == Field::Kind::Number) return Integer(key), field->text;
        return Name(key, 1, 64);
    }

    void Bad(const char* key)
    {
        if (m_problem.empty()) m_problem = std::string("bad-field: ") + key;
    }

private:
    static bool HasControl(const std::string& text)
    {
        return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    }

    const Field* Need(const char* key, Field::Kind kind) const
    {
        const Field* field = m_json.Find(key);
        return field != nullptr && field->kind == kind ? field : nullptr;
    }

    const FlatJson& m_json;
    std::string m_problem;
};

} // namespace

std::string ModelHost::Hex(std::size_t digits)
{
    std::string out;
    while (out.size() < digits) out += "0123456789abcdef"[m_chance.Next() % 16];
    return out;
}

std::string ModelHost::Hmac(const std::string& text) const
{
    std::array<unsigned char, 32> mac{};
    unsigned length = 0;
    HMAC(EVP_sha256(), m_secret.data(), static_cast<int>(m_secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
    std::string out;
    for (const unsigned char byte : mac) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

void ModelHost::Violation(const std::string& what)
{
    if (m_violations.size() < MaxViolations) m_violations.push_back(what);
    if (onNote) onNote("violation: " + what);
}

int ModelHost::Accept()
{
    auto line = std::make_unique<Line>();
    line->nonce = Hex(32);
    line->acceptedAt = line->lastRead = m_utcMsc;
    Say(*line, "{\"t\":\"challenge\",\"protocol\":1,\"nonce\":\"" + line->nonce + "\",\"host\":\"model\",\"version\":\"1.0.0\"}");
    m_lines[m_nextLine] = std::move(line);
    return m_nextLine++;
}

bool ModelHost::Reads(int line) const
{
    const auto found = m_lines.find(line);
    return found != m_lines.end() && found->second->state != Line::State::Closed && found->second->readsAt <= m_utcMsc;
}

void ModelHost::Receive(int number, std::string_view bytes)
{
    const auto found = m_lines.find(number);
    if (found == m_lines.end() || found->second->state == Line::State::Closed) return;
    Line& line = *found->second;
    line.in += bytes;
    if (line.in.find(m_secret) != std::string::npos) Violation("the secret travels");
    if (line.state == Line::State::Welcoming) Violation("the terminal spoke before it was welcomed: " + line.in.substr(0, 120));
    for (std::size_t lf; line.state != Line::State::Closed && (lf = line.in.find('\n')) != std::string::npos;) {
        const std::string text = line.in.substr(0, lf);
        line.in.erase(0, lf + 1);
        line.lastRead = m_utcMsc;
        TakeLine(line, text);
    }
    if (line.in.size() > 65536) Violation("a line is longer than 65536 bytes");
}

void ModelHost::Lost(int number)
{
    const auto found = m_lines.find(number);
    if (found == m_lines.end()) return;
    // What was read before is journaled all the same.
    found->second->gone = true;
    found->second->state = Line::State::Closed;
    found->second->out.clear();
}

std::string ModelHost::Take(int number, std::size_t most)
{
    const auto found = m_lines.find(number);
    if (found == m_lines.end()) return "";
    std::string taken = found->second->out.substr(0, most);
    found->second->out.erase(0, taken.size());
    return taken;
}

bool ModelHost::IsClosed(int number) const
{
    const auto found = m_lines.find(number);
    return found == m_lines.end() || (found->second->state == Line::State::Closed && found->second->out.empty());
}

bool ModelHost::IsLive(const std::string& terminal) const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [&](const auto& l) { return l.second->state == Line::State::Live && l.second->terminal == terminal; });
}

bool ModelHost::HasUnjournaled() const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [](const auto& l) {
        return std::any_of(l.second->journal.begin(), l.second->journal.end(), [](const Entry& entry) { return entry.kind != Entry::Kind::Nothing; });
    });
}

void ModelHost::Restart()
{
    m_lines.clear();
    for (auto& [name, terminal] : m_terminals) {
        terminal.known = false;
        terminal.levels.clear();
    }
    if (onNote) onNote("host restarts");
}

void ModelHost::WantSnapshots()
{
    for (auto& [number, line] : m_lines)
        if (line->state == Line::State::Live) Say(*line, "{\"t\":\"snapshot-wanted\"}");
}

void ModelHost::Say(Line& line, const std::string& text)
{
    line.out += text + "\n";
    line.lastSaid = m_utcMsc;
}

void ModelHost::Close(Line& line, const std::string& reason)
{
    if (line.state == Line::State::Closed) return;
    Say(line, "{\"t\":\"bye\",\"reason\":" + Quote(reason) + "}");
    line.state = Line::State::Closed;
}

void ModelHost::Refuse(Line& line, const std::string& code, const std::string& why, std::int64_t seq)
{
    Say(line, "{\"t\":\"error\",\"code\":\"" + code + "\",\"text\":" + Quote(why) + ",\"seq\":" + std::to_string(seq) + "}");
}

void ModelHost::TakeLine(Line& line, std::string_view text)
{
    if (line.saidBye) Violation("a line after bye");
    if (line.state == Line::State::Challenged) TakeHello(line, text);
    else if (line.state == Line::State::Live) TakeLive(line, text);
}

void ModelHost::TakeHello(Line& line, std::string_view text)
{
    std::string why;
    const auto json = FlatJson::Parse(text, why);
    if (!json || json->Type() != "hello") {
        Violation("no hello: " + why + " " + std::string(text));
        Refuse(line, json ? "unknown-type" : "bad-json", why, 0);
        line.state = Line::State::Closed;
        return;
    }

    Fields fields(*json);
    fields.Integer("protocol", 1, 1);
    const std::string client = fields.Name("client", 1, 64);
    const std::string nonce = fields.Name("nonce", 32, 32);
    if (!IsHex(nonce, 32)) fields.Bad("nonce");
    const std::int64_t login = fields.Integer("login", 1);
    const std::string server = fields.Name("server", 1, 128);
    const std::string margin = fields.Word("margin", {"netting", "exchange", "hedging"});
    fields.Word("mode", {"demo", "contest", "real"});
    fields.Name("currency", 1, 16);
    fields.Integer("build", 0, INT32_MAX);
    fields.Name("ea", 1, 32);
    const std::string magics = fields.Name("magics", 0, 6000);
    fields.Flag("stopOnCritical");
    fields.Name("licence", 0, 256);
    const std::string proof = fields.Name("proof", 64, 64);
    if (!IsHex(proof, 64) || json->Fields().back().key != "proof" || text.size() <= ProofTail || text.substr(text.size() - ProofTail, 10) != ",\"proof\":\"") fields.Bad("proof");
    std::set<std::int64_t> listed;
    for (std::size_t at = 0; !magics.empty() && at <= magics.size();) {
        const std::size_t comma = std::min(magics.find(',', at), magics.size());
        const auto magic = ToInteger(magics.substr(at, comma - at));
        if (!magic) fields.Bad("magics");
        listed.insert(magic.value_or(0));
        at = comma + 1;
    }
    if (listed.empty()) listed.insert(0);
    if (fields.Problem().empty() && Lower(proof) != Hmac("csmc-feed-1|" + line.nonce + "|" + std::string(text.substr(0, text.size() - ProofTail)))) fields.Bad("proof is wrong");
    if (!m_nonces.insert(nonce).second) fields.Bad("nonce was used before");
    if (client != m_client) fields.Bad("client is another one");
    if (!fields.Problem().empty()) {
        Violation("hello: " + fields.Problem() + ": " + std::string(text));
        Refuse(line, "bad-field", fields.Problem(), 0);
        line.state = Line::State::Closed;
        return;
    }

    if (m_chance.PerMille(faults.refuseLogin)) {
        const std::int64_t kind = m_chance.Between(0, 2);
        if (kind == 0) Close(line, "stopping");
        else Refuse(line, kind == 1 ? "busy" : "unauthorised", "not now", 0);
        line.state = Line::State::Closed;
        return;
    }

    const std::string terminal = std::to_string(login) + "@" + server;
    for (auto& [number, other] : m_lines)
        if (other.get() != &line && other->state == Line::State::Live && other->terminal == terminal) {
            if (other->listed != listed) {
                Refuse(line, "busy", "another session lists other magics", 0);
                line.state = Line::State::Closed;
                return;
            }
            Close(*other, "replaced");
        }
    line.terminal = terminal;
    line.theirNonce = nonce;
    line.listed = listed;
    line.netting = margin != "hedging";
    line.state = Line::State::Welcoming;
    line.welcomeAt = m_utcMsc + m_chance.Between(0, faults.welcomeMsc);
    Stored& stored = m_terminals[terminal].stored;
    stored.margin = margin;
    stored.listed = listed;
}

void ModelHost::Welcome(Line& line)
{
    line.state = Line::State::Live;
    line.proved = !m_chance.PerMille(faults.wrongProof);
    ++m_sessions;
    const std::string before = "{\"t\":\"welcome\",\"session\":\"" + std::to_string(m_sessions) + "\",\"heartbeat\":" + std::to_string(heartbeatSeconds);
    const std::string proof = line.proved ? Hmac("csmc-host-1|" + line.theirNonce + "|" + before) : Hex(64);
    Say(line, before + ",\"proof\":\"" + proof + "\"}");
    Terminal& terminal = m_terminals[line.terminal];
    if (terminal.firstSessionMsc == 0) terminal.firstSessionMsc = m_utcMsc;
    const Stored& stored = terminal.stored;
    std::int64_t newest = 0; // of what this session's streams have recorded, in UTC
    for (const auto& [magic, cursor] : stored.cursors) {
        const DealLine& last = stored.deals.at(cursor.first);
        if (line.listed.contains(magic)) newest = std::max(newest, cursor.second + last.utcMsc - last.timeMsc);
    }
    for (const std::int64_t magic : line.listed) {
        const auto cursor = stored.cursors.find(magic);
        const bool has = cursor != stored.cursors.end();
        if (!has) terminal.historyFrom[magic] = (newest == 0 ? m_utcMsc : std::min(newest, m_utcMsc)) - 86'400'000;
        Say(line, "{\"t\":\"resume\",\"magic\":" + std::to_string(magic) + ",\"deal\":" + std::to_string(has ? cursor->second.first : 0) + ",\"timeMsc\":"
                      + std::to_string(has ? cursor->second.second : 0) + "}");
    }
    if (line.netting)
        for (const auto& [key, level] : stored.shownDeal == 0 ? stored.ledger : stored.shown)
            Say(line, "{\"t\":\"resume-position\",\"magic\":" + std::to_string(key.first) + ",\"symbol\":" + Quote(key.second) + ",\"long\":" + Lots(level.longLots)
                          + ",\"short\":" + Lots(level.shortLots) + "}");
    Say(line, "{\"t\":\"ready\",\"ledgerDeal\":" + std::to_string(line.netting ? stored.shownDeal : 0) + "}");
    if (onNote) onNote("session " + std::to_string(m_sessions) + " of " + line.terminal + (line.proved ? "" : " (wrong proof)"));
}

void ModelHost::TakeLive(Line& line, std::string_view text)
{
    if (!line.proved) {
        Violation("the terminal spoke to a host that had not proved the secret: " + std::string(text.substr(0, 120)));
        line.state = Line::State::Closed;
        return;
    }
    if (onNote) onNote("> " + std::string(text));
    std::string why;
    const auto json = FlatJson::Parse(text, why);
    const Field* field = json ? json->Find("seq") : nullptr;
    const auto seq = field != nullptr && field->kind == Field::Kind::Number ? ToInteger(field->text) : std::nullopt;
    if (!seq) {
        Violation("a line without a number: " + why + " " + std::string(text));
        Refuse(line, "bad-json", why, line.seqDue++);
        return;
    }
    if (*seq != line.seqDue) {
        Violation("seq " + std::to_string(*seq) + " where " + std::to_string(line.seqDue) + " was due");
        Refuse(line, "out-of-order", "seq", *seq);
        return;
    }
    ++line.seqDue;

    std::string problem;
    const std::string type = json->Type();
    if (type == "ping" || type == "pong") {
        if (type == "ping") Say(line, "{\"t\":\"pong\"}");
        if (!line.snapshotOpen) Queue(line, EntryOf(*seq));
        return;
    }
    if (TakeSnapshotLine(line, *json, *seq, problem)) {
        if (problem.empty()) return;
    } else {
        if (line.snapshotOpen) {
            problem = "another line stands within a snapshot";
            line.snapshotOpen = false;
        } else {
            problem = TakeFeedLine(line, *json, *seq);
        }
        if (problem.empty()) return;
    }
    Violation(problem + ": " + std::string(text));
    Refuse(line, problem.substr(0, problem.find(':')), problem, *seq);
    Queue(line, EntryOf(*seq));
}

bool ModelHost::TakeSnapshotLine(Line& line, const FlatJson& json, std::int64_t seq, std::string& problem)
{
    const std::string type = json.Type();
    Fields fields(json);
    const auto levelOf = [&] {
        const Level level{fields.Amount("long", false, true, true), fields.Amount("short", false, true, true)};
        if (line.netting && level.longLots != 0 && level.shortLots != 0) fields.Bad("short");
        return level;
    };
    if (type == "snapshot") {
        if (line.snapshotOpen) problem = "a snapshot begins within a snapshot";
        line.snapshotId = fields.Token("snapshot");
        line.positionsDue = fields.Integer("positions", 0, 10'000);
        line.totalsDue = fields.Integer("totals", 0, 10'000);
        line.snapshot = SnapshotLines{};
        line.snapshot.listed = line.listed;
        line.snapshotOpen = true;
        line.snapshotBad = false;
        if (problem.empty()) problem = fields.Problem();
        return true;
    }
    if (type != "position" && type != "total" && type != "snapshot-end") return false;
    if (!line.snapshotOpen || fields.Token("snapshot") != line.snapshotId) {
        problem = "bad-field: no such snapshot is open";
        return true;
    }
    if (type == "position") {
        const std::int64_t magic = fields.Integer("magic", -1);
        const std::string symbol = fields.Name("symbol", 1, 64);
        const Level level = levelOf();
        if (!line.symbols.contains(symbol)) problem = "unknown-symbol: " + symbol;
        if (level.IsFlat()) problem = "a flat position line";
        if (!line.netting && !line.listed.contains(magic)) problem = "a position of a magic that is not listed";
        if (!line.snapshot.positions.emplace(std::pair(magic, symbol), level).second) problem = "a stream stands twice";
    } else if (type == "total") {
        const std::string symbol = fields.Name("symbol", 1, 64);
        const Level level = levelOf();
        if (!line.symbols.contains(symbol)) problem = "unknown-symbol: " + symbol;
        if (level.IsFlat()) problem = "a flat total line";
        if (!line.snapshot.totals.emplace(symbol, level).second) problem = "a total stands twice";
    } else {
        line.snapshot.lastDeal = fields.Integer("lastDeal");
        line.snapshot.timeMsc = fields.Integer("timeMsc");
        line.snapshot.utcMsc = fields.Integer("utcMsc");
        line.snapshotOpen = false;
        if (static_cast<std::int64_t>(line.snapshot.positions.size()) != line.positionsDue || static_cast<std::int64_t>(line.snapshot.totals.size()) != line.totalsDue)
            problem = "a snapshot has other counts than announced";
        std::map<std::string, Level> sums;
        for (const auto& [key, level] : line.snapshot.positions) {
            sums[key.second].longLots += level.longLots;
            sums[key.second].shortLots += level.shortLots;
        }
        for (const auto& [symbol, sum] : sums) {
            const Level total = line.snapshot.totals.contains(symbol) ? line.snapshot.totals.at(symbol) : Level{};
            if (line.netting ? sum.Net() != total.Net() : sum.longLots > total.longLots || sum.shortLots > total.shortLots) problem = "levels do not add up to the totals in " + symbol;
        }
        for (const auto& [symbol, total] : line.snapshot.totals)
            if (line.netting && total.Net() != 0 && !sums.contains(symbol)) problem = "a total of no stream in " + symbol;
        if (problem.empty() && fields.Problem().empty() && !line.snapshotBad) {
            line.sawSnapshot = true;
            line.wantedSnapshot = false;
            if (onSnapshot) onSnapshot(line.terminal, line.snapshot);
            Entry entry = EntryOf(seq);
            entry.kind = Entry::Kind::Snapshot;
            entry.snapshot = line.snapshot;
            Queue(line, std::move(entry));
        }
    }
    if (problem.empty()) problem = fields.Problem();
    if (!problem.empty()) line.snapshotBad = true;
    return true;
}

std::string ModelHost::TakeFeedLine(Line& line, const FlatJson& json, std::int64_t seq)
{
    const std::string type = json.Type();
    Fields fields(json);
    Entry entry = EntryOf(seq);
    if (type == "symbol") {
        const std::string name = fields.Name("name", 1, 64);
        fields.Amount("contractSize", true);
        fields.Amount("volumeMin", false, true);
        fields.Amount("volumeStep", true);
        for (const char* key : {"base", "profit", "margin"}) fields.Name(key, 0, 32);
        fields.Integer("digits", 0, 16);
        fields.Name("calcMode", 0, 64);
        fields.Prose("path");
        fields.Prose("description");
        if (fields.Problem().empty()) line.symbols.insert(name);
    } else if (type == "deal") {
        DealLine& deal = entry.deal;
        entry.kind = Entry::Kind::Deal;
        deal.stream = fields.Integer("magic");
        deal.magic = fields.Integer("dealMagic");
        deal.ticket = fields.Integer("ticket", 1);
        fields.Integer("order");
        deal.position = fields.Integer("position");
        deal.symbol = fields.Name("symbol", 1, 64);
        deal.side = fields.Word("side", {"buy", "sell"});
        deal.entry = fields.Word("entry", {"in", "out", "inout", "out_by"});
        deal.lots = fields.Amount("lots", true, false, true);
        fields.Amount("price");
        deal.timeMsc = fields.Integer("timeMsc");
        deal.utcMsc = fields.Integer("utcMsc");
        deal.reason = fields.Word("reason", {"client", "mobile", "web", "expert", "sl", "tp", "so", "rollover", "other"});
        fields.Amount("commission");
        fields.Prose("comment");
        deal.level = Level{fields.Amount("long", false, true, true), fields.Amount("short", false, true, true)};
        if (line.netting && deal.level.longLots != 0 && deal.level.shortLots != 0) fields.Bad("short");
        if (!line.listed.contains(deal.stream)) fields.Bad("magic");
        if (fields.Problem().empty() && !line.symbols.contains(deal.symbol)) return "unknown-symbol: " + deal.symbol;
        if (fields.Problem().empty() && onDeal) onDeal(line.terminal, deal);
    } else if (type == "deal-void") {
        entry.kind = Entry::Kind::Void;
        entry.ticket = fields.Integer("ticket", 1);
    } else if (type == "account") {
        for (const char* key : {"balance", "equity", "marginFree"}) fields.Amount(key);
        if (!line.sawSnapshot) return "account before the first snapshot";
    } else if (type == "pause" || type == "resume-trading") {
        const std::string id = fields.Token("id");
        if (json.Find("connector") != nullptr) fields.Name("connector", 1, 32);
        if (fields.Problem().empty()) Say(line, "{\"t\":\"done\",\"id\":" + Quote(id) + ",\"ok\":true,\"text\":\"done\"}");
    } else if (type == "bye") {
        line.saidBye = true;
        if (json.Find("reason") != nullptr) fields.Name("reason", 0, 256);
    } else {
        return "unknown-type: " + type;
    }
    if (!fields.Problem().empty()) return fields.Problem();
    Queue(line, entry);
    return "";
}

ModelHost::Entry ModelHost::EntryOf(std::int64_t seq)
{
    Entry entry;
    entry.seq = seq;
    return entry;
}

void ModelHost::Queue(Line& line, Entry entry)
{
    entry.due = m_utcMsc + m_chance.Between(0, faults.journalMsc);
    if (!line.journal.empty()) entry.due = std::max(entry.due, line.journal.back().due);
    line.journal.push_back(std::move(entry));
}

void ModelHost::Apply(Line& line, const Entry& entry)
{
    Terminal& terminal = m_terminals[line.terminal];
    Stored& stored = terminal.stored;
    const auto put = [](Levels& levels, std::int64_t magic, const std::string& symbol, const Level& level) {
        if (level.IsFlat()) levels.erase({magic, symbol});
        else levels[{magic, symbol}] = level;
    };
    switch (entry.kind) {
    case Entry::Kind::Deal: {
        const DealLine& deal = entry.deal;
        put(terminal.levels, deal.stream, deal.symbol, deal.level);
        if (!stored.deals.emplace(deal.ticket, deal).second) break;
        auto& cursor = stored.cursors[deal.stream];
        if (deal.ticket > cursor.first) cursor = {deal.ticket, std::max(cursor.second, deal.timeMsc)};
        put(stored.ledger, deal.stream, deal.symbol, deal.level);
        break;
    }
    case Entry::Kind::Void:
        if (stored.deals.contains(entry.ticket)) stored.voided.insert(entry.ticket);
        break;
    case Entry::Kind::Snapshot: {
        const bool same = entry.snapshot.positions == stored.shown && stored.shownDeal != 0;
        stored.ledger = entry.snapshot.positions;
        terminal.levels = entry.snapshot.positions;
        terminal.known = true;
        // The real host does not journal a ledger again that is the one it has: its newest deal may then be older.
        if (entry.snapshot.lastDeal != 0 && (!same || m_chance.OneIn(2))) {
            stored.shown = entry.snapshot.positions;
            stored.shownDeal = entry.snapshot.lastDeal;
        }
        break;
    }
    case Entry::Kind::Nothing:
        break;
    }
}

void ModelHost::Advance(std::int64_t utcMsc)
{
    m_utcMsc = std::max(m_utcMsc, utcMsc);
    const bool second = m_utcMsc - m_secondAt >= 1000;
    if (second) m_secondAt = m_utcMsc;
    for (auto& [number, line] : m_lines) AdvanceLine(*line, second);
    std::erase_if(m_lines, [](const auto& l) { return l.second->gone && l.second->journal.empty(); });
}

void ModelHost::AdvanceLine(Line& line, bool second)
{
    bool journaled = false;
    while (!line.journal.empty() && line.journal.front().due <= m_utcMsc) {
        Apply(line, line.journal.front());
        line.ackSeq = line.journal.front().seq;
        line.journal.pop_front();
        journaled = true;
    }
    if (line.state == Line::State::Closed) return;
    if (journaled && line.ackAt == 0) line.ackAt = m_utcMsc + m_chance.Between(0, faults.ackMsc);
    if (line.ackAt != 0 && m_utcMsc >= line.ackAt && line.ackSeq > line.ackedSeq) {
        Say(line, "{\"t\":\"ack\",\"seq\":" + std::to_string(line.ackSeq) + "}");
        line.ackedSeq = line.ackSeq;
        line.ackAt = 0;
    }
    if (line.state == Line::State::Welcoming && m_utcMsc >= line.welcomeAt) Welcome(line);
    if (line.state == Line::State::Challenged && m_utcMsc - line.acceptedAt > 5000) Close(line, "no hello in time");
    if (line.state != Line::State::Live) return;
    if (m_utcMsc - line.lastSaid >= heartbeatSeconds * 1000) Say(line, "{\"t\":\"ping\"}");
    if (line.readsAt > m_utcMsc) line.lastRead = m_utcMsc;
    if (m_utcMsc - line.lastRead > 3 * heartbeatSeconds * 1000) {
        ++m_died;
        Close(line, "silent for three heartbeats");
        return;
    }
    if (!second) return;
    if (m_chance.PerMille(faults.stopReading)) line.readsAt = m_utcMsc + m_chance.Between(1000, 10'000);
    if (m_chance.PerMille(faults.bye)) Close(line, "stopping");
    else if (m_chance.PerMille(faults.rubbish)) Say(line, m_chance.OneIn(2) ? "\x01\xff not json" : "[1,2]");
    else if (m_chance.PerMille(faults.chatter)) Chat(line);
}

void ModelHost::Chat(Line& line)
{
    static const std::vector<std::string> says = {
        "{\"t\":\"snapshot-wanted\"}",
        "{\"t\":\"ping\"}",
        "{\"t\":\"status\",\"connector\":\"paper\",\"venue\":\"Paper\",\"state\":\"running\",\"text\":\"Running\",\"version\":\"1.0.0\",\"licence\":\"free\"}",
        "{\"t\":\"log\",\"level\":\"info\",\"text\":\"Gr\\u00fc\\u00dfe \\ud83d\\ude00\"}",
        "{\"t\":\"weather\",\"text\":\"a type that no terminal knows\"}",
        "{\"t\":\"status\",\"connector\":\"k\\u0069\",\"venue\":\"\",\"state\":\"paused\",\"text\":\"\\\"\\\\\\n\",\"version\":\"\",\"licence\":\"\"}"};
    Say(line, m_chance.Of(says));
}

} // namespace model
