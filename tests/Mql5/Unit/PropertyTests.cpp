// After any loss and restart the host's stream positions equal the terminal's. CSMC_SEEDS=n runs n histories, CSMC_SEED=n one, with its trace.
#include "../Model/Run.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace {

std::uint64_t Setting(const char* name, std::uint64_t otherwise)
{
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST(PropertyTests, After_any_loss_and_restart_the_host_holds_what_the_terminal_holds)
{
    const std::uint64_t one = Setting("CSMC_SEED", 0);
    const std::uint64_t first = one != 0 ? one : Setting("CSMC_FIRST_SEED", 1);
    const std::uint64_t last = one != 0 ? one : first + Setting("CSMC_SEEDS", 300) - 1;
    std::int64_t sessions = 0;
    std::int64_t deals = 0;
    std::int64_t slowest = 0;
    int failures = 0;
    for (std::uint64_t seed = first; seed <= last && failures < 10; ++seed) {
        model::Run run(seed, one != 0);
        const model::Verdict verdict = run.Go();
        sessions += verdict.sessions;
        deals += verdict.deals;
        slowest = std::max(slowest, verdict.convergedMsc);
        if (one != 0) std::fputs(run.Trace().c_str(), stdout);
        if (verdict.failure.empty()) continue;
        ++failures;
        ADD_FAILURE() << "seed " << seed << ": " << verdict.failure << "\n  CSMC_SEED=" << seed << " shows it step by step";
    }
    std::printf("%llu histories, %lld sessions, %lld deals, slowest convergence %lld ms\n", static_cast<unsigned long long>(last - first + 1), static_cast<long long>(sessions),
                static_cast<long long>(deals), static_cast<long long>(slowest));
}
