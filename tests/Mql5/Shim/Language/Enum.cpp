#include "Enum.h"

#include <cstdlib>

namespace mt {

string EnumName(const char *type, const char *declaration, int value) {
  const std::string text(declaration);
  int next = 0;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t to = text.find(',', from);
    if (to == std::string::npos) to = text.size();
    std::string entry = text.substr(from, to - from);
    from = to + 1;
    const std::size_t assign = entry.find('=');
    if (assign != std::string::npos) next = static_cast<int>(std::strtol(entry.c_str() + assign + 1, nullptr, 0));
    if (next++ != value) continue;
    entry = entry.substr(0, assign);
    entry.erase(0, entry.find_first_not_of(' '));
    return string(entry.substr(0, entry.find(' ')).c_str());
  }
  return string((std::string(type) + "::" + std::to_string(value)).c_str());
}

} // namespace mt
