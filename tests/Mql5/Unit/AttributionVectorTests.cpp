// tests/vectors/attribution.json against the EA's books: every case of the policy that all implementations share is a case here.
#include "../Model/FlatJson.h"
#include "../Model/Vectors.h"

#include <gtest/gtest.h>
#include <set>

#include <CSMultiConnector/HedgingBook.mqh>
#include <CSMultiConnector/NettingLedger.mqh>

namespace {

using model::Json;

struct Applied {
    SDeal deal;
    Arr<SStreamChange> changes;
};

long Lots(const Json& json)
{
    const auto amount = model::ToDecimal(json.text);
    if (!amount) throw std::runtime_error("not an amount: " + json.text);
    return amount->units;
}

SDeal DealOf(const Json& d)
{
    static const std::map<std::string, ENUM_FEED_ENTRY> entries = {{"in", FEED_ENTRY_IN}, {"out", FEED_ENTRY_OUT}, {"inout", FEED_ENTRY_INOUT}, {"out_by", FEED_ENTRY_OUT_BY}};
    static const std::map<std::string, ENUM_FEED_REASON> reasons = {{"client", FEED_REASON_CLIENT}, {"mobile", FEED_REASON_MOBILE}, {"expert", FEED_REASON_EXPERT},
        {"sl", FEED_REASON_SL}, {"tp", FEED_REASON_TP}, {"so", FEED_REASON_SO}, {"rollover", FEED_REASON_ROLLOVER}};
    SDeal deal;
    deal.ticket = d[0].Integer();
    deal.order = d[0].Integer();
    deal.position = d[1].Integer();
    deal.magic = d[2].Integer();
    deal.symbol = d[3].text.c_str();
    deal.side = d[4].text == "buy" ? FEED_BUY : FEED_SELL;
    deal.entry = entries.at(d[5].text);
    deal.lots = Lots(d[6]);
    deal.reason = reasons.at(d[7].text);
    deal.price = 1;
    deal.time_msc = d[0].Integer();
    return deal;
}

std::vector<long> MagicsOf(const Arr<SStreamChange>& changes)
{
    std::vector<long> magics;
    for (int i = 0; i < ArraySize(changes); ++i) magics.push_back(changes[i].magic);
    return magics;
}

using Row = std::tuple<std::string, long, long, long>;

template <typename Book>
std::vector<Row> RowsOf(const Book& book)
{
    std::vector<Row> rows;
    SStreamLevel row;
    for (int i = 0; book.At(i, row); ++i) rows.emplace_back(row.symbol.Utf8(), row.magic, row.long_lots, row.short_lots);
    return rows;
}

std::vector<Row> Expected(const Json& levels)
{
    std::vector<Row> rows;
    for (const Json& level : levels.items) rows.emplace_back(level[0].text, level[1].Integer(), Lots(level[2]), Lots(level[3]));
    return rows;
}

// One step of a case: what it changed, in order of attribution.
template <typename Book>
bool TakeDeal(Book& book, const Json& step, std::map<long, Applied>& applied, Arr<SStreamChange>& changes)
{
    if (step.Has("deal")) {
        Applied one;
        one.deal = DealOf(step["deal"]);
        const int count = book.Apply(one.deal, changes);
        EXPECT_EQ(count, ArraySize(changes));
        one.changes = changes;
        applied[one.deal.ticket] = one;
        return true;
    }
    if (!step.Has("void")) return false;
    const Applied& one = applied.at(step["void"].Integer());
    const int count = book.Undo(one.deal, one.changes, changes);
    EXPECT_EQ(count, ArraySize(changes));
    return true;
}

void Resume(CNettingLedger& ledger, const Json& levels)
{
    for (const Json& level : levels.items) ledger.Resume(level[0].text.c_str(), level[1].Integer(), Lots(level[2]), Lots(level[3]));
}

// All symbols that either side names, as the host does it.
std::vector<long> Reconcile(CNettingLedger& ledger, const Json& totals)
{
    std::map<std::string, long> nets;
    for (const Row& row : RowsOf(ledger)) nets[std::get<0>(row)] = 0;
    for (const Json& total : totals.items) nets[total[0].text] = Lots(total[1]);
    std::vector<long> changed;
    for (const auto& [symbol, net] : nets) {
        Arr<SStreamChange> changes;
        ledger.Reconcile(symbol.c_str(), net, changes);
        for (const long magic : MagicsOf(changes)) changed.push_back(magic);
    }
    return changed;
}

struct Case {
    Json json;
};

std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.json["name"].text; }

std::vector<Case> Cases()
{
    std::vector<Case> cases;
    const Json vectors = model::ReadVectors();
    for (const Json& one : vectors["cases"].items) cases.push_back({one});
    return cases;
}

std::string NameOf(const ::testing::TestParamInfo<Case>& info)
{
    std::string name;
    for (const char c : info.param.json["name"].text)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
        else if (!name.empty() && name.back() != '_') name += '_';
    return name;
}

} // namespace

class AttributionVectorTests : public ::testing::TestWithParam<Case> {};

TEST_P(AttributionVectorTests, The_policy_passes)
{
    const Json& one = GetParam().json;
    const bool netting = one["mode"].text == "netting";
    CNettingLedger ledger;
    CHedgingBook book;
    for (const Json& magic : one["listed"].items) ledger.AddListed(magic.Integer());
    if (one.Has("start") && netting) Resume(ledger, one["start"]);
    if (one.Has("start") && !netting)
        for (const Json& p : one["start"].items)
            book.Resume(p[0].Integer(), p[1].Integer(), p[2].text.c_str(), p[3].text == "buy" ? FEED_BUY : FEED_SELL, Lots(p[4]), false);
    std::map<long, Applied> applied;
    int number = 0;
    for (const Json& step : one["steps"].items) {
        SCOPED_TRACE("step " + std::to_string(++number));
        Arr<SStreamChange> changes;
        std::vector<long> changed;
        if (!(netting ? TakeDeal(ledger, step, applied, changes) : TakeDeal(book, step, applied, changes))) {
            if (step.Has("totals")) changed = Reconcile(ledger, step["totals"]);
            if (step.Has("ledger")) {
                ledger.Clear();
                Resume(ledger, step["ledger"]);
            }
            if (step.Has("owner")) ledger.SetOwner(step["owner"][0].text.c_str(), step["owner"][1].Integer());
        } else {
            changed = MagicsOf(changes);
        }
        std::vector<long> expected;
        for (const Json& magic : step["changed"].items) expected.push_back(magic.Integer());
        EXPECT_EQ(changed, expected);
        EXPECT_EQ(netting ? RowsOf(ledger) : RowsOf(book), Expected(step["levels"]));
    }
}

INSTANTIATE_TEST_SUITE_P(Vectors, AttributionVectorTests, ::testing::ValuesIn(Cases()), NameOf);
