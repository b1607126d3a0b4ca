/* The C peer of `robotics bench loop`: the same loop in C, so that the machine's own wake-up latency is known.
 *
 *   cc -O2 -o loop bench/loop/loop.c && sudo ./loop --rate 1000 --seconds 60 [--priority 80] [--cpu 1]
 *
 * clock_nanosleep with absolute deadlines on CLOCK_MONOTONIC; SCHED_FIFO, pinned and memory-locked where the machine grants it (said
 * once on stderr where it does not). Latency is the time from the deadline to the first instruction after it. One line of JSON:
 * rate_hz, ticks, misses (woke a whole period late), realtime, p50_us, p99_us, p999_us, max_us, histogram_us (upper bound, count).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define NS_PER_S 1000000000LL
#define BUCKETS 200000 /* 1 us each: up to 0.2 s */

static uint32_t histogram[BUCKETS + 1];

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void sleep_until(int64_t deadline)
{
    struct timespec t = {deadline / NS_PER_S, deadline % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

static int become_realtime(int priority, int cpu)
{
    cpu_set_t set;
    struct sched_param parameters = {.sched_priority = priority};
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    int pinned = sched_setaffinity(0, sizeof set, &set) == 0;
    int locked = mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
    int fifo = sched_setscheduler(0, SCHED_FIFO, &parameters) == 0;
    if (!pinned || !locked || !fifo)
        fprintf(stderr, "loop: degraded:%s%s%s (%s)\n", pinned ? "" : " not pinned", locked ? "" : " not locked", fifo ? "" : " not SCHED_FIFO", strerror(errno));
    return pinned && locked && fifo;
}

static double percentile(int64_t ticks, double share)
{
    int64_t seen = 0;
    for (int i = 0; i <= BUCKETS; i++) {
        seen += histogram[i];
        if (seen >= (int64_t)(share * ticks))
            return i + 1;
    }
    return BUCKETS;
}

static void print_histogram(void)
{
    printf("\"histogram_us\":[");
    int64_t count = 0, bound = 1;
    int first = 1;
    for (int i = 0; i <= BUCKETS; i++) { /* powers of two are enough to draw it */
        count += histogram[i];
        if (i + 1 == bound || i == BUCKETS) {
            if (count > 0)
                printf("%s[%lld,%lld]", first ? "" : ",", (long long)bound, (long long)count);
            first = first && count == 0;
            count = 0;
            bound *= 2;
        }
    }
    printf("]");
}

static long argument(int argc, char **argv, const char *name, long fallback)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return strtol(argv[i + 1], NULL, 10);
    }
    return fallback;
}

int main(int argc, char **argv)
{
    long rate = argument(argc, argv, "--rate", 1000);
    long seconds = argument(argc, argv, "--seconds", 10);
    if (rate < 1 || rate > 20000 || seconds < 1) {
        fprintf(stderr, "usage: loop --rate HZ --seconds N [--priority 80] [--cpu 1]\n");
        return 2;
    }
    int realtime = become_realtime((int)argument(argc, argv, "--priority", 80), (int)argument(argc, argv, "--cpu", 1));
    int64_t period = NS_PER_S / rate, ticks = rate * seconds, misses = 0, worst = 0;
    int64_t deadline = now_ns() + period;
    for (int64_t k = 0; k < ticks; k++) {
        sleep_until(deadline);
        int64_t late = now_ns() - deadline;
        worst = late > worst ? late : worst;
        histogram[late < 0 ? 0 : late / 1000 > BUCKETS ? BUCKETS : late / 1000]++;
        deadline += period;
        while (late >= period) { /* whole periods that are gone are skipped and counted, never made up for */
            misses++;
            late -= period;
            deadline += period;
        }
    }
    printf("{\"rate_hz\":%ld,\"ticks\":%lld,\"misses\":%lld,\"realtime\":%s,\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_us\":%.1f,", rate,
           (long long)ticks, (long long)misses, realtime ? "true" : "false", percentile(ticks, 0.5), percentile(ticks, 0.99), percentile(ticks, 0.999), worst / 1000.0);
    print_histogram();
    printf("}\n");
    return 0;
}
