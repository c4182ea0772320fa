// The model host refuses what the protocol page refuses: a property test is as strict as it.
#include "../Model/ModelHost.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace model;

namespace {

constexpr const char* Secret = "a-secret";

std::string Hmac(const std::string& text)
{
    unsigned char mac[32];
    unsigned length = 0;
    HMAC(EVP_sha256(), Secret, 8, reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &length);
    std::string out;
    for (const unsigned char byte : mac) out += std::string(1, "0123456789abcdef"[byte >> 4]) + "0123456789abcdef"[byte & 15];
    return out;
}

struct ModelHostTests : ::testing::Test {
    ModelHost host{sim::Chance(5), "me", Secret};
    int line = 0;
    std::int64_t now = 1'763'650'000'000;

    void Pass(std::int64_t msc) { host.Advance(now += msc); }
    std::string Said() { return host.Take(line, 1 << 20); }
    void Say(const std::string& text) { host.Receive(line, text + "\n"); }

    static std::string Between(const std::string& text, const std::string& from, const std::string& to)
    {
        const std::size_t at = text.find(from) + from.size();
        return text.substr(at, text.find(to, at) - at);
    }

    // Logs in; what the host says from the welcome on.
    std::string Login(const std::string& nonce, const std::string& proofSuffix = "")
    {
        Pass(10);
        line = host.Accept();
        const std::string challenge = Said();
        const std::string before = "{\"t\":\"hello\",\"protocol\":1,\"client\":\"me\",\"nonce\":\"" + nonce
            + "\",\"login\":7,\"server\":\"B\",\"margin\":\"netting\",\"mode\":\"demo\",\"currency\":\"USD\",\"build\":1,\"ea\":\"1\",\"magics\":\"1001,1002\",\"stopOnCritical\":false,\"licence\":\"\"";
        Say(before + ",\"proof\":\"" + Hmac("csmc-feed-1|" + Between(challenge, "\"nonce\":\"", "\"") + "|" + before + proofSuffix) + "\"}");
        Pass(10);
        return Said();
    }

    void Symbol(int seq)
    {
        Say("{\"t\":\"symbol\",\"seq\":" + std::to_string(seq)
            + ",\"name\":\"EURUSD\",\"contractSize\":100000,\"volumeMin\":0.01,\"volumeStep\":0.01,\"base\":\"EUR\",\"profit\":\"USD\",\"margin\":\"EUR\",\"digits\":5,\"calcMode\":\"FOREX\",\"path\":\"\",\"description\":\"\"}");
    }

    void Deal(int seq, int ticket, const std::string& level)
    {
        Say("{\"t\":\"deal\",\"seq\":" + std::to_string(seq) + ",\"magic\":1001,\"dealMagic\":1001,\"ticket\":" + std::to_string(ticket)
            + ",\"order\":1,\"position\":1,\"symbol\":\"EURUSD\",\"side\":\"buy\",\"entry\":\"in\",\"lots\":0.1,\"price\":1.1,\"timeMsc\":5,\"utcMsc\":5,\"reason\":\"expert\",\"commission\":0,\"comment\":\"\",\"long\":"
            + level + ",\"short\":0}");
    }

    void Snapshot(int seq, const std::string& level, const std::string& total)
    {
        const std::string n = ",\"snapshot\":1";
        Say("{\"t\":\"snapshot\",\"seq\":" + std::to_string(seq) + n + ",\"positions\":1,\"totals\":1}");
        Say("{\"t\":\"position\",\"seq\":" + std::to_string(seq + 1) + n + ",\"magic\":1001,\"symbol\":\"EURUSD\",\"long\":" + level + ",\"short\":0}");
        Say("{\"t\":\"total\",\"seq\":" + std::to_string(seq + 2) + n + ",\"symbol\":\"EURUSD\",\"long\":" + total + ",\"short\":0}");
        Say("{\"t\":\"snapshot-end\",\"seq\":" + std::to_string(seq + 3) + n + ",\"lastDeal\":9,\"timeMsc\":5,\"utcMsc\":5}");
    }

    const Terminal& Of() const { return host.Terminals().at("7@B"); }
};

const std::string NonceA(32, 'a');
const std::string NonceB(32, 'b');

} // namespace

TEST_F(ModelHostTests, Proves_itself_and_says_where_to_go_on)
{
    const std::string said = Login(NonceA);
    const std::string before = said.substr(0, said.find(",\"proof\""));
    EXPECT_EQ(Between(said, "\"proof\":\"", "\""), Hmac("csmc-host-1|" + NonceA + "|" + before));
    EXPECT_NE(said.find("{\"t\":\"resume\",\"magic\":1001,\"deal\":0,\"timeMsc\":0}\n{\"t\":\"resume\",\"magic\":1002,"), std::string::npos);
    EXPECT_NE(said.find("{\"t\":\"ready\",\"ledgerDeal\":0}"), std::string::npos);
    EXPECT_TRUE(host.Violations().empty());
}

TEST_F(ModelHostTests, Refuses_a_wrong_proof_and_a_nonce_that_was_used)
{
    Login(NonceA, "x");
    EXPECT_EQ(host.Violations().size(), 1U);
    Login(NonceB);
    Login(NonceB);
    EXPECT_EQ(host.Violations().size(), 2U);
}

TEST_F(ModelHostTests, Notices_a_terminal_that_speaks_to_an_unproved_host)
{
    host.faults.wrongProof = 1000;
    Login(NonceA);
    EXPECT_TRUE(host.Violations().empty());
    Say("{\"t\":\"ping\",\"seq\":1}");
    EXPECT_EQ(host.Violations().size(), 1U);
}

TEST_F(ModelHostTests, Notices_gaps_symbols_that_were_not_described_and_wrong_sums)
{
    Login(NonceA);
    Deal(1, 9, "0.1");
    EXPECT_EQ(host.Violations().size(), 1U) << "the symbol was not described";
    Symbol(2);
    Snapshot(3, "0.1", "0.2");
    EXPECT_EQ(host.Violations().size(), 2U) << "levels that do not add up";
    Say("{\"t\":\"ping\",\"seq\":8}");
    EXPECT_EQ(host.Violations().size(), 3U) << "a gap";
}

TEST_F(ModelHostTests, Goes_on_from_what_it_journaled_only)
{
    Login(NonceA);
    Symbol(1);
    Deal(2, 9, "0.1");
    Snapshot(3, "0.1", "0.1");
    Pass(10);
    EXPECT_NE(Said().find("{\"t\":\"ack\",\"seq\":6}"), std::string::npos);
    EXPECT_EQ(Of().levels.begin()->second.longLots, 10'000'000);
    host.faults.journalMsc = 60'000;
    Deal(7, 12, "0.2");
    Deal(8, 13, "0.3");
    Pass(1);
    EXPECT_TRUE(host.HasUnjournaled());
    host.Restart();
    EXPECT_FALSE(Of().known);
    host.faults.journalMsc = 0;
    const std::string said = Login(NonceB);
    EXPECT_NE(said.find("\"magic\":1001,\"deal\":9,"), std::string::npos) << said;
    EXPECT_NE(said.find("{\"t\":\"resume-position\",\"magic\":1001,\"symbol\":\"EURUSD\",\"long\":0.10000000,\"short\":0.00000000}"), std::string::npos) << said;
    EXPECT_NE(said.find("{\"t\":\"ready\",\"ledgerDeal\":9}"), std::string::npos);
    EXPECT_TRUE(host.Violations().empty());
}

TEST_F(ModelHostTests, A_new_session_replaces_the_old_one_and_silence_ends_it)
{
    Login(NonceA);
    const int old = line;
    Login(NonceB);
    EXPECT_NE(host.Take(old, 1 << 20).find("\"reason\":\"replaced\""), std::string::npos);
    Pass(16'000);
    EXPECT_FALSE(host.IsLive("7@B"));
    EXPECT_EQ(host.LinesDied(), 1);
}

TEST(FlatJsonTests, Takes_only_one_flat_object)
{
    std::string why;
    EXPECT_TRUE(FlatJson::Parse(" {\"t\" : \"x\", \"a\":-1.5, \"b\":true ,\"c\":null, \"d\":\"\\u00e4\\ud83d\\ude00\"}\r", why));
    for (const char* bad : {"", "{", "[]", "{} {}", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":+1}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\xc0\x80\"}",
                            "{\"a\":\"\x01\"}", "{\"a\":1,}", "\xef\xbb\xbf{}"})
        EXPECT_FALSE(FlatJson::Parse(bad, why)) << bad;
    EXPECT_EQ(ToDecimal("0.30000000")->units, 30'000'000);
    EXPECT_FALSE(ToDecimal("1e-8"));
    EXPECT_FALSE(ToDecimal("0.000000001")->exact);
}
