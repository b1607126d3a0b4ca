/* R1 reference firmware: the last line of defence on a microcontroller. Layout and states: docs/formats/mcu-frame.md.
 * Portable C99, no heap, no libc beyond what the compiler itself may call (memcpy, memset). Time and bytes are handed in,
 * so the same file runs on a microcontroller, as a Linux process and inside tests. */
#ifndef R1_FIRMWARE_H
#define R1_FIRMWARE_H

#include <stdint.h>

#define R1_VERSION 1
#define R1_MAX_CHANNELS 16
#define R1_MAX_PAYLOAD 240
#define R1_MAX_BODY (8 + R1_MAX_PAYLOAD + 4)
#define R1_MAX_WIRE (R1_MAX_BODY + 2 + 1) /* COBS adds 1 per 254, then the delimiter */
#define R1_MAX_VALID_MS 200
#define R1_ARM_WINDOW_US 2000000u /* a challenge is good for 2 s */
#define R1_STATE_PERIOD_US 10000u /* state frames at 100 Hz */

enum r1_type {
    R1_HELLO = 0x01, R1_COMMAND = 0x02, R1_ARM_REQUEST = 0x03, R1_ARM_CONFIRM = 0x04,
    R1_DISARM = 0x05, R1_ESTOP = 0x06, R1_CLEAR = 0x07,
    R1_INFO = 0x81, R1_STATE = 0x82, R1_CHALLENGE = 0x83, R1_REFUSAL = 0x84
};

enum r1_state { R1_DISARMED = 0, R1_ARMED = 1, R1_FALLBACK = 2, R1_LATCHED = 3 };

enum r1_reason { R1_BAD_LENGTH = 1, R1_NOT_FINITE = 2, R1_STALE_SEQUENCE = 3, R1_WRONG_ANSWER = 4, R1_WRONG_STATE = 5, R1_UNKNOWN_TYPE = 6 };

enum r1_safe_action { R1_ZERO_AT_ONCE = 0, R1_RAMP_TO_SAFE = 1, R1_HOLD = 2 };

struct r1_limit { float minimum, maximum, rate_per_s, safe; };

struct r1 {
    struct r1_limit limits[R1_MAX_CHANNELS];
    uint8_t channels, safe_action, state, fault;
    uint32_t limits_hash, nonce, nonce_at_us, random;
    uint16_t last_sequence, out_sequence;
    uint8_t has_sequence, challenge_open, clamped;
    uint32_t command_at_us, valid_us, last_tick_us, last_state_us;
    float target[R1_MAX_CHANNELS], output[R1_MAX_CHANNELS], measured[R1_MAX_CHANNELS];
    uint8_t wire[R1_MAX_WIRE];
    uint16_t wire_length;
    uint8_t overrun;
    void (*send)(void *context, const uint8_t *bytes, uint16_t length);
    void *context;
};

uint32_t r1_size(void);
/* seed: anything that differs from boot to boot (ADC noise, unique id, RTC): makes challenges unpredictable enough against replay. */
void r1_init(struct r1 *r, const struct r1_limit *limits, uint8_t channels, uint8_t safe_action, uint32_t seed,
             void (*send)(void *, const uint8_t *, uint16_t), void *context);
void r1_receive(struct r1 *r, const uint8_t *bytes, uint16_t length, uint32_t now_us);
/* Call every millisecond or oftener, from a timer that the main loop cannot stop. Moves output[] towards target[]. */
void r1_tick(struct r1 *r, uint32_t now_us);
uint8_t r1_current_state(const struct r1 *r);
float r1_output(const struct r1 *r, uint8_t channel);
void r1_set_measured(struct r1 *r, uint8_t channel, float value);
uint32_t r1_crc32c(const uint8_t *bytes, uint32_t length);

#endif
