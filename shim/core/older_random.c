/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random bytes where getrandom(2) is missing: /dev/urandom, mixed with the 128 bits
 * that the kernel gave this program at its start (AT_RANDOM). Each source alone is
 * enough. A new root may have no /dev, and the process no free descriptor. Without both
 * sources this fails.
 */
#define _GNU_SOURCE
#include "core/older.h"

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>

enum { WORDS = 16, BLOCK = WORDS * 4 };

static uint32_t turned(uint32_t word, int by)
{
	return word << by | word >> (32 - by);
}

static void quarter(uint32_t *w, int a, int b, int c, int d)
{
	w[a] += w[b];
	w[d] = turned(w[d] ^ w[a], 16);
	w[c] += w[d];
	w[b] = turned(w[b] ^ w[c], 12);
	w[a] += w[b];
	w[d] = turned(w[d] ^ w[a], 8);
	w[c] += w[d];
	w[b] = turned(w[b] ^ w[c], 7);
}

/* One block of ChaCha20. */
static void chacha(const uint32_t in[WORDS], uint32_t out[WORDS])
{
	memcpy(out, in, BLOCK);
	for (int round = 0; round < 20; round += 2) {
		for (int i = 0; i < 4; i++)
			quarter(out, i, 4 + i, 8 + i, 12 + i);
		for (int i = 0; i < 4; i++)
			quarter(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
				12 + (i + 3) % 4);
	}
	for (int i = 0; i < WORDS; i++)
		out[i] += in[i];
}

/*
 * Sets the words that ChaCha20 uses as counter and nonce to values that do not repeat.
 * Forked children share the key and have copies of the counter, but not the same pid at
 * the same time.
 */
static void mark(uint32_t in[WORDS])
{
	static uint32_t calls;
	long now[2] = { 0, 0 };

	SYS2(SYS_clock_gettime, 1 /* CLOCK_MONOTONIC */, now);
	in[12] = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	in[13] = (uint32_t)sys_getpid();
	in[14] = (uint32_t)now[0];
	in[15] = (uint32_t)now[1];
}

/*
 * XORs the SIZE bytes with a key stream from AT_RANDOM. False where there is no
 * AT_RANDOM.
 */
static bool mix_start(unsigned char *buf, size_t size)
{
	/* "expand 16-byte k": the constant for a key of 128 bits, used twice. */
	uint32_t in[WORDS] = { 0x61707865, 0x3120646e, 0x79622d36, 0x6b206574 };
	const void *key = (const void *)getauxval(AT_RANDOM);
	uint32_t out[WORDS];

	if (!key)
		return false;
	memcpy(in + 4, key, 16);
	memcpy(in + 8, key, 16);
	for (size_t done = 0; done < size; done += BLOCK) {
		const unsigned char *from = (const void *)out;

		mark(in);
		chacha(in, out);
		for (size_t i = 0; i < BLOCK && done + i < size; i++)
			buf[done + i] ^= from[i];
	}
	return true;
}

/* Whether FD is the random device: in another root, any file can have its name. */
static bool is_device(int fd)
{
	enum { MEMORY = 1, RANDOM = 8, URANDOM = 9 };
	struct statx st;

	return sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && S_ISCHR(st.stx_mode) &&
	       st.stx_rdev_major == MEMORY &&
	       (st.stx_rdev_minor == RANDOM || st.stx_rdev_minor == URANDOM);
}

/* Fills BUF from /dev/urandom. False on failure. */
static bool read_device(unsigned char *buf, size_t size)
{
	int fd = sys_openat(AT_FDCWD, "/dev/urandom",
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	size_t have = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while (have < size && is_device(fd)) {
		n = sys_read(fd, buf + have, size - have);
		if (n <= 0 && n != -EINTR)
			break;
		have += n > 0 ? (size_t)n : 0;
	}
	sys_close(fd);
	return have == size;
}

ssize_t older_random(void *buf, size_t size)
{
	bool device;

	memset(buf, 0, size);
	device = read_device(buf, size);
	if (!mix_start(buf, size) && !device)
		return -ENOSYS;
	return (ssize_t)size;
}
