// The one source of chance of a run: everything that happens by chance is drawn from it, so a seed replays exactly.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : m_state(seed) {}

    // splitmix64: small, and no standard library's distributions, whose results differ between versions.
    std::uint64_t Next()
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    /// A number from low to high, both included.
    std::int64_t Between(std::int64_t low, std::int64_t high)
    {
        if (high <= low) return low;
        return low + static_cast<std::int64_t>(Next() % (static_cast<std::uint64_t>(high - low) + 1));
    }

    bool OneIn(std::int64_t n) { return n > 0 && Between(1, n) == 1; }

    /// True in so many of a thousand cases.
    bool PerMille(std::int64_t n) { return n > 0 && Between(1, 1000) <= n; }

    template <typename T>
    const T& Of(const std::vector<T>& items)
    {
        return items[static_cast<std::size_t>(Between(0, static_cast<std::int64_t>(items.size()) - 1))];
    }

    template <typename T>
    void Shuffle(std::vector<T>& items)
    {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[static_cast<std::size_t>(Between(0, static_cast<std::int64_t>(i) - 1))]);
    }

    /// Another source that depends on this one only by the number drawn here: what it is used for does not shift what follows.
    Chance Branch() { return Chance(Next()); }

private:
    std::uint64_t m_state;
};

} // namespace sim
