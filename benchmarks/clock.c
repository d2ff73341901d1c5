/* Preloaded into a process whose clock is to be wrong: what time it is, by the seconds in the file CLOCK_FILE.

Only the time of day is moved. What passes (the monotonic clock, every sleep) is counted by the kernel and stays
right, as on a machine whose clock is set wrong. A wait until a time of day is told the kernel in its own time. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t moved(void) {
    static volatile int64_t *seconds;
    if (!seconds) {
        int file = open(getenv("CLOCK_FILE"), O_RDONLY | O_CLOEXEC);
        void *seen = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
        if (file < 0 || seen == MAP_FAILED) abort();
        close(file);
        seconds = seen;
    }
    return *seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int told = syscall(SYS_clock_gettime, clock, now);
    if (!told && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += moved();
    return told;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec fine;
    if (clock_gettime(CLOCK_REALTIME, &fine)) return -1;
    now->tv_sec = fine.tv_sec;
    now->tv_usec = fine.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec fine;
    clock_gettime(CLOCK_REALTIME, &fine);
    if (now) *now = fine.tv_sec;
    return fine.tv_sec;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    static int (*real)(sem_t *, const struct timespec *);
    if (!real) real = (int (*)(sem_t *, const struct timespec *))dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec ours = {until->tv_sec - moved(), until->tv_nsec};
    return real(semaphore, &ours);
}
