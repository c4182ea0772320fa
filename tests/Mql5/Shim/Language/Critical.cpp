#include "Critical.h"

#include <cstdio>
#include <cstdlib>

extern "C" void __sanitizer_print_stack_trace() __attribute__((weak));

namespace mt {

static void End(const char *kind, const char *what) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", kind, what);
  if (__sanitizer_print_stack_trace) __sanitizer_print_stack_trace();
  std::fflush(stderr);
  std::abort();
}

void Critical(const char *what) {
  End("critical error", what);
  std::abort();
}

void Unsupported(const char *what) {
  End("not in the shim", what);
  std::abort();
}

} // namespace mt
