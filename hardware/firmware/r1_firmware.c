#include "r1_firmware.h"

uint32_t r1_size(void) { return (uint32_t)sizeof(struct r1); }
uint8_t r1_current_state(const struct r1 *r) { return r->state; }
float r1_output(const struct r1 *r, uint8_t channel) { return r->output[channel]; }
void r1_set_measured(struct r1 *r, uint8_t channel, float value) { r->measured[channel] = value; }

/* ---- bytes ---- */

uint32_t r1_crc32c(const uint8_t *bytes, uint32_t length) {
    uint32_t crc = 0xFFFFFFFFu; /* Castagnoli, reflected 0x82F63B78 */
    while (length--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1u)));
    }
    return ~crc;
}

static void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)v; p[1] = (uint8_t)(v >> 8); }
static void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)v); put16(p + 2, (uint16_t)(v >> 16)); }
static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] | (p[1] << 8)); }
static uint32_t get32(const uint8_t *p) { return get16(p) | ((uint32_t)get16(p + 2) << 16); }

static void put_float(uint8_t *p, float v) { union { float f; uint32_t u; } b; b.f = v; put32(p, b.u); }
static float get_float(const uint8_t *p) { union { float f; uint32_t u; } b; b.u = get32(p); return b.f; }
static int finite_bits(const uint8_t *p) { return (get32(p) & 0x7F800000u) != 0x7F800000u; }

/* COBS without the delimiter; returns the decoded length or 0 where the code does not fit. */
static uint16_t cobs_decode(const uint8_t *in, uint16_t length, uint8_t *out, uint16_t room) {
    uint16_t i = 0, n = 0;
    while (i < length) {
        uint8_t code = in[i++];
        if (code == 0 || i + code - 1 > length) return 0;
        for (uint8_t k = 1; k < code; k++) { if (n >= room) return 0; out[n++] = in[i++]; }
        if (code != 0xFF && i < length) { if (n >= room) return 0; out[n++] = 0; }
    }
    return n;
}

static uint16_t cobs_encode(const uint8_t *in, uint16_t length, uint8_t *out) {
    uint16_t code_at = 0, n = 1;
    uint8_t code = 1;
    for (uint16_t i = 0; i < length; i++) {
        if (in[i] != 0) { out[n++] = in[i]; code++; }
        if (in[i] == 0 || code == 0xFF) {
            out[code_at] = code; code = 1; code_at = n;
            if (in[i] == 0 || i + 1 < length) n++;
            else return n; /* a full block at the very end needs no further code */
        }
    }
    out[code_at] = code;
    return n;
}

/* ---- sending ---- */

static void send_frame(struct r1 *r, uint8_t type, const uint8_t *payload, uint16_t length, uint32_t now_us) {
    uint8_t body[R1_MAX_BODY], wire[R1_MAX_WIRE];
    body[0] = R1_VERSION; body[1] = type;
    put16(body + 2, r->out_sequence++);
    put32(body + 4, now_us);
    for (uint16_t i = 0; i < length; i++) body[8 + i] = payload[i];
    put32(body + 8 + length, r1_crc32c(body, 8u + length));
    uint16_t n = cobs_encode(body, (uint16_t)(12 + length), wire);
    wire[n++] = 0;
    r->send(r->context, wire, n);
}

static void refuse(struct r1 *r, uint8_t type, uint8_t reason, uint32_t now_us) {
    uint8_t p[2] = { type, reason };
    send_frame(r, R1_REFUSAL, p, 2, now_us);
}

static void send_info(struct r1 *r, uint32_t now_us) {
    uint8_t p[12] = { R1_VERSION, r->channels, r->safe_action, 0 };
    put32(p + 4, r->limits_hash);
    put16(p + 8, R1_MAX_VALID_MS);
    put16(p + 10, 1000); /* tick rate promised, Hz */
    send_frame(r, R1_INFO, p, 12, now_us);
}

static void send_state(struct r1 *r, uint32_t now_us) {
    uint8_t p[8 + 8 * R1_MAX_CHANNELS];
    uint32_t age_ms = r->has_sequence ? (now_us - r->command_at_us) / 1000u : 0xFFFFu;
    p[0] = r->state; p[1] = r->fault;
    put16(p + 2, r->last_sequence);
    put16(p + 4, (uint16_t)(age_ms > 0xFFFFu ? 0xFFFFu : age_ms));
    p[6] = r->channels; p[7] = r->clamped;
    for (uint8_t i = 0; i < r->channels; i++) {
        put_float(p + 8 + 4 * i, r->output[i]);
        put_float(p + 8 + 4 * (r->channels + i), r->measured[i]);
    }
    send_frame(r, R1_STATE, p, (uint16_t)(8 + 8 * r->channels), now_us);
}

/* ---- states ---- */

static void enter(struct r1 *r, uint8_t state, uint8_t fault) { r->state = state; r->fault = fault; r->challenge_open = 0; }

static void on_command(struct r1 *r, uint16_t sequence, const uint8_t *p, uint16_t length, uint32_t now_us) {
    if (length < 4 || p[2] != r->channels || length != 4 + 4 * r->channels) { refuse(r, R1_COMMAND, R1_BAD_LENGTH, now_us); return; }
    /* A repeated or older command never extends its validity. */
    if (r->has_sequence && (int16_t)(uint16_t)(sequence - r->last_sequence) <= 0) { refuse(r, R1_COMMAND, R1_STALE_SEQUENCE, now_us); return; }
    for (uint8_t i = 0; i < r->channels; i++)
        if (!finite_bits(p + 4 + 4 * i)) { refuse(r, R1_COMMAND, R1_NOT_FINITE, now_us); return; }
    uint16_t valid_ms = get16(p);
    r->clamped = 0;
    for (uint8_t i = 0; i < r->channels; i++) {
        float v = get_float(p + 4 + 4 * i);
        if (v < r->limits[i].minimum) { v = r->limits[i].minimum; r->clamped = 1; }
        if (v > r->limits[i].maximum) { v = r->limits[i].maximum; r->clamped = 1; }
        r->target[i] = v;
    }
    r->last_sequence = sequence;
    r->has_sequence = 1;
    r->command_at_us = now_us;
    r->valid_us = 1000u * (valid_ms < 1 ? 1u : valid_ms > R1_MAX_VALID_MS ? R1_MAX_VALID_MS : valid_ms);
}

static void on_arm_request(struct r1 *r, uint32_t now_us) {
    uint8_t p[4];
    if (r->state != R1_DISARMED) { refuse(r, R1_ARM_REQUEST, R1_WRONG_STATE, now_us); return; }
    r->random ^= r->random << 13; r->random ^= r->random >> 17; r->random ^= r->random << 5; /* xorshift32 */
    r->nonce = r->random ^ now_us;
    r->nonce_at_us = now_us;
    r->challenge_open = 1;
    put32(p, r->nonce);
    send_frame(r, R1_CHALLENGE, p, 4, now_us);
}

/* The answer is CRC-32C(nonce, limit hash): only a host that knows this limit table and has just asked can give it. */
static void on_arm_confirm(struct r1 *r, const uint8_t *p, uint16_t length, uint32_t now_us) {
    uint8_t question[8];
    int open = r->challenge_open && now_us - r->nonce_at_us < R1_ARM_WINDOW_US;
    r->challenge_open = 0; /* one try per challenge */
    put32(question, r->nonce);
    put32(question + 4, r->limits_hash);
    if (length != 4) { refuse(r, R1_ARM_CONFIRM, R1_BAD_LENGTH, now_us); return; }
    if (r->state != R1_DISARMED || !open) { refuse(r, R1_ARM_CONFIRM, R1_WRONG_STATE, now_us); return; }
    if (get32(p) != r1_crc32c(question, 8)) { refuse(r, R1_ARM_CONFIRM, R1_WRONG_ANSWER, now_us); return; }
    /* Armed needs a command that is valid now: an old one must not move anything. */
    if (!r->has_sequence || now_us - r->command_at_us > r->valid_us) { refuse(r, R1_ARM_CONFIRM, R1_STALE_SEQUENCE, now_us); return; }
    enter(r, R1_ARMED, 0);
}

static void handle(struct r1 *r, const uint8_t *body, uint16_t length, uint32_t now_us) {
    const uint8_t *p = body + 8;
    uint16_t n = (uint16_t)(length - 12);
    switch (body[1]) {
    case R1_HELLO: send_info(r, now_us); break;
    case R1_COMMAND: on_command(r, get16(body + 2), p, n, now_us); break;
    case R1_ARM_REQUEST: on_arm_request(r, now_us); break;
    case R1_ARM_CONFIRM: on_arm_confirm(r, p, n, now_us); break;
    case R1_DISARM: if (r->state != R1_LATCHED) enter(r, R1_DISARMED, 0); break;
    case R1_ESTOP: enter(r, R1_LATCHED, 0); break;
    case R1_CLEAR: if (r->state == R1_LATCHED) enter(r, R1_DISARMED, 0); break;
    default: refuse(r, body[1], R1_UNKNOWN_TYPE, now_us); break;
    }
}

void r1_receive(struct r1 *r, const uint8_t *bytes, uint16_t length, uint32_t now_us) {
    for (uint16_t i = 0; i < length; i++) {
        uint8_t body[R1_MAX_BODY];
        uint16_t n;
        if (bytes[i] != 0) {
            if (r->wire_length < sizeof r->wire) r->wire[r->wire_length++] = bytes[i];
            else r->overrun = 1; /* too long for any frame: wait for the next delimiter */
            continue;
        }
        n = r->overrun ? 0 : cobs_decode(r->wire, r->wire_length, body, sizeof body);
        r->wire_length = 0;
        r->overrun = 0;
        if (n >= 12 && body[0] == R1_VERSION && get32(body + n - 4) == r1_crc32c(body, (uint32_t)n - 4u)) handle(r, body, n, now_us);
    }
}

/* ---- the tick ---- */

static float towards(float from, float to, float step) {
    if (to > from + step) return from + step;
    if (to < from - step) return from - step;
    return to;
}

void r1_tick(struct r1 *r, uint32_t now_us) {
    float dt = (float)(now_us - r->last_tick_us) * 1e-6f;
    r->last_tick_us = now_us;
    if (r->state == R1_ARMED && now_us - r->command_at_us >= r->valid_us) enter(r, R1_FALLBACK, 1);
    for (uint8_t i = 0; i < r->channels; i++) {
        float step = r->limits[i].rate_per_s * dt;
        if (r->state == R1_ARMED) r->output[i] = towards(r->output[i], r->target[i], step);
        else if (r->state == R1_FALLBACK && r->safe_action == R1_RAMP_TO_SAFE) r->output[i] = towards(r->output[i], r->limits[i].safe, step);
        else if (r->state == R1_FALLBACK && r->safe_action == R1_HOLD) continue;
        else r->output[i] = r->limits[i].safe; /* disarmed, latched, or zero at once */
    }
    if (now_us - r->last_state_us >= R1_STATE_PERIOD_US) {
        r->last_state_us = now_us;
        send_state(r, now_us);
    }
}

void r1_init(struct r1 *r, const struct r1_limit *limits, uint8_t channels, uint8_t safe_action, uint32_t seed,
             void (*send)(void *, const uint8_t *, uint16_t), void *context) {
    uint8_t table[16 * R1_MAX_CHANNELS];
    for (uint32_t i = 0; i < sizeof *r; i++) ((uint8_t *)r)[i] = 0;
    r->channels = channels > R1_MAX_CHANNELS ? R1_MAX_CHANNELS : channels;
    r->safe_action = safe_action;
    r->random = seed ? seed : 1u;
    r->send = send;
    r->context = context;
    for (uint8_t i = 0; i < r->channels; i++) {
        r->limits[i] = limits[i];
        r->output[i] = limits[i].safe;
        put_float(table + 16 * i, limits[i].minimum);
        put_float(table + 16 * i + 4, limits[i].maximum);
        put_float(table + 16 * i + 8, limits[i].rate_per_s);
        put_float(table + 16 * i + 12, limits[i].safe);
    }
    r->limits_hash = r1_crc32c(table, 16u * r->channels);
}
