// What all histories have in common.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace model {

inline constexpr const char* ServerName = "Broker-Demo";
inline constexpr std::int64_t Home = 5'012'345;
inline constexpr std::int64_t Abroad = 5'099'999;
inline constexpr const char* Secret = "s3cret-0f-the-property-test";
inline constexpr std::int64_t Begin = 1'763'650'000'000;

/// What the input of magics may say.
inline const std::vector<std::string> Lists = {"1001", "1001,1002", "1001,1002,1003", "0,1001", "0", "", "1002,1003"};

/// Lots as a person writes them.
std::string LotsText(std::int64_t units);

} // namespace model
