/* The R1 firmware as a Linux process on a pseudo-terminal: prints the path to open, then runs until the terminal or stdin closes.
 * Arguments: safe action (0 safe values at once, 1 ramp, 2 hold), then minimum, maximum, rate per second and safe value of every channel;
 * without them four channels of -1..1.
 * Build: gcc -std=c99 -Wall -Wextra -o r1_firmware r1_posix.c r1_firmware.c
 * On a microcontroller replace this file: a 1 kHz timer calls r1_tick, the UART interrupt calls r1_receive, send writes the UART. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "r1_firmware.h"

static uint32_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)((uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u);
}

static void send_bytes(void *context, const uint8_t *bytes, uint16_t length) {
    /* Never waits: what the line does not take now is lost, as on a full UART. */
    ssize_t ignored = write(*(int *)context, bytes, length);
    (void)ignored;
}

int main(int argc, char **argv) {
    /* Four channels of -1..1, 10 per second, safe value 0; ramp down on expiry. */
    struct r1_limit limits[R1_MAX_CHANNELS];
    uint8_t channels = 4;
    struct r1 firmware;
    struct termios raw;
    uint8_t bytes[256];
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    int hold;
    for (int i = 0; i < 4; i++) limits[i] = (struct r1_limit){ -1.0f, 1.0f, 10.0f, 0.0f };
    if (argc > 2) {
        if ((argc - 2) % 4 != 0 || (argc - 2) / 4 > R1_MAX_CHANNELS) { fprintf(stderr, "four numbers per channel, at most %d channels\n", R1_MAX_CHANNELS); return 2; }
        channels = (uint8_t)((argc - 2) / 4);
        for (int i = 0; i < channels; i++) {
            char **v = argv + 2 + 4 * i;
            limits[i] = (struct r1_limit){ strtof(v[0], NULL), strtof(v[1], NULL), strtof(v[2], NULL), strtof(v[3], NULL) };
        }
    }
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) { perror("pseudo-terminal"); return 1; }
    hold = open(ptsname(fd), O_RDWR | O_NOCTTY); /* keeps the terminal alive while the host unplugs and comes back */
    if (hold < 0 || tcgetattr(hold, &raw) != 0) { perror("pseudo-terminal"); return 1; }
    cfmakeraw(&raw);
    tcsetattr(hold, TCSANOW, &raw);
    r1_init(&firmware, limits, channels, argc > 1 ? (uint8_t)atoi(argv[1]) : R1_RAMP_TO_SAFE, now_us() | 1u, send_bytes, &fd);
    printf("%s\n", ptsname(fd));
    fflush(stdout);
    for (;;) {
        struct pollfd wait[2] = { { fd, POLLIN, 0 }, { 0, POLLIN, 0 } };
        poll(wait, 2, 1);
        if (wait[0].revents & POLLIN) {
            ssize_t n = read(fd, bytes, sizeof bytes);
            if (n > 0) r1_receive(&firmware, bytes, (uint16_t)n, now_us());
        }
        if (wait[1].revents != 0 && read(0, bytes, sizeof bytes) <= 0) return 0;
        r1_tick(&firmware, now_us());
    }
}
