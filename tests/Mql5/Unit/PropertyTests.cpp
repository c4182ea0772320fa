// After any loss and restart the host's stream positions equal the terminal's. CSMC_SEEDS=n runs n histories a block, CSMC_SEED=n one, with its trace.
#include "../Model/Run.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

constexpr std::uint64_t Blocks = 10;
constexpr std::uint64_t SeedsABlock = 60;
// A planted bug has so many histories to show itself.
constexpr std::uint64_t SeedsABug = 1500;

std::uint64_t Setting(const char* name, std::uint64_t otherwise)
{
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

bool HasPlantedBugs() { return std::string(mt::EaProperty("planted")) == "yes"; }

std::vector<std::uint64_t> BlockNumbers()
{
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t block = 0; block < Blocks && !HasPlantedBugs(); ++block) numbers.push_back(block);
    return numbers;
}

struct Planted {
    int number = 0;
    std::string name;
    friend std::ostream& operator<<(std::ostream& out, const Planted& bug) { return out << bug.name; }
};

std::vector<Planted> PlantedBugs()
{
    std::vector<Planted> bugs;
    if (!HasPlantedBugs()) return bugs;
    namespace fs = std::filesystem;
    for (fs::path folder = fs::read_symlink("/proc/self/exe").parent_path(); bugs.empty() && folder.has_relative_path(); folder = folder.parent_path()) {
        std::ifstream file(folder / "tests" / "Mql5" / "Model" / "planted.txt");
        for (std::string line; std::getline(file, line);)
            if (line.starts_with("bug ")) bugs.push_back({static_cast<int>(bugs.size()) + 1, line.substr(4, line.find(':') - 4)});
    }
    return bugs;
}

} // namespace

class PropertyTests : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(PropertyTests, After_any_loss_and_restart_the_host_holds_what_the_terminal_holds)
{
    const std::uint64_t one = Setting("CSMC_SEED", 0);
    if (one != 0 && GetParam() != 0) return;
    const std::uint64_t seeds = Setting("CSMC_SEEDS", SeedsABlock);
    const std::uint64_t first = one != 0 ? one : Setting("CSMC_FIRST_SEED", 1) + GetParam() * seeds;
    const std::uint64_t last = one != 0 ? one : first + seeds - 1;
    std::int64_t sessions = 0;
    std::int64_t deals = 0;
    std::int64_t slowest = 0;
    std::int64_t lists = 0;
    std::int64_t outages = 0;
    std::int64_t unanswered = 0;
    int failures = 0;
    for (std::uint64_t seed = first; seed <= last && failures < 5; ++seed) {
        model::Run run(seed, one != 0);
        const model::Verdict verdict = run.Go();
        sessions += verdict.sessions;
        deals += verdict.deals;
        lists += verdict.lists;
        outages += verdict.outages;
        unanswered += verdict.unanswered;
        slowest = std::max(slowest, verdict.convergedMsc);
        if (one != 0) std::fputs(run.Trace().c_str(), stdout);
        if (verdict.failure.empty()) continue;
        ++failures;
        ADD_FAILURE() << "seed " << seed << ": " << verdict.failure << "\n  CSMC_SEED=" << seed << " shows it step by step";
    }
    // A test that meets nothing proves nothing.
    if (one == 0 && seeds >= SeedsABlock) {
        EXPECT_GT(sessions, static_cast<std::int64_t>(seeds));
        EXPECT_GT(deals, static_cast<std::int64_t>(seeds) * 10);
        EXPECT_GT(lists, 0);
        EXPECT_GT(outages, 0);
        EXPECT_GT(unanswered, 0);
    }
    std::printf("seeds %llu to %llu: %lld sessions, %lld deals, %lld lists, %lld outages, %lld connects unanswered, slowest convergence %lld ms\n", static_cast<unsigned long long>(first), static_cast<unsigned long long>(last),
                static_cast<long long>(sessions), static_cast<long long>(deals), static_cast<long long>(lists), static_cast<long long>(outages), static_cast<long long>(unanswered),
                static_cast<long long>(slowest));
}

INSTANTIATE_TEST_SUITE_P(Seeds, PropertyTests, ::testing::ValuesIn(BlockNumbers()));

class PlantedBugTests : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedBugTests, Is_caught)
{
    for (std::uint64_t seed = 1; seed <= SeedsABug; ++seed) {
        model::Run run(seed, false);
        run.planted = GetParam().number;
        const std::string failure = run.Go().failure;
        if (failure.empty()) continue;
        // The same history without the bug is sound: it was the bug that was caught.
        model::Run sound(seed, false);
        EXPECT_EQ(sound.Go().failure, "") << "seed " << seed;
        std::printf("caught by seed %llu: %s\n", static_cast<unsigned long long>(seed), failure.c_str());
        return;
    }
    ADD_FAILURE() << GetParam().name << " was caught by none of " << SeedsABug << " histories";
}

// The sound program has none.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PlantedBugTests);
INSTANTIATE_TEST_SUITE_P(PlantedBugs, PlantedBugTests, ::testing::ValuesIn(PlantedBugs()), [](const auto& info) { return info.param.name; });
