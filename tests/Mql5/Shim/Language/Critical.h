// What MetaTrader 5 calls a critical error: the program ends at once, nothing is flushed. Here the process ends, with the stack.
#pragma once
#include <source_location>

namespace mt {

[[noreturn]] void Critical(const char *what);

/// A thing that MQL5 leaves undefined or that the harness does not know: never guessed silently.
[[noreturn]] void Unsupported(const char *what);

} // namespace mt
