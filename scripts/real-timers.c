// Loaded before libfaketime by scripts/test-dates. libfaketime 0.9.10 takes absolute times of monotonic timers for times
// of the moved clock, and disarms them: whatever waits with one (Task.sleep, Dispatch) waits for ever. Monotonic clocks
// are not moved, so the kernel gets these times as they are.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
    return (int)syscall(SYS_timerfd_settime, descriptor, flags, value, old);
}
