/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing the trace; see trace.h. */
#define _GNU_SOURCE
#include "trace/trace.h"
#include "core/sys.h"
#include "policy/settings.h"
#include "session/trust.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

struct trace_header *pt_trace;

/*
 * What is known of this process. It is in a page that is empty in each child
 * (MADV_WIPEONFORK). Without such pages, the pid tells a child.
 */
struct own {
	uint32_t image;
	int pid;
};
static struct own *own;
static bool wiped;
static uint32_t parent_image;

int64_t trace_now(void)
{
	long now[2] = { 0 };
#ifdef SYS_clock_gettime64
	int64_t wide[2];

	if (SYS2(SYS_clock_gettime64, CLOCK_REALTIME, wide) == 0)
		return wide[0] * 1000000000 + wide[1];
#endif
	SYS2(SYS_clock_gettime, CLOCK_REALTIME, now);
	return (int64_t)now[0] * 1000000000 + now[1];
}

uint64_t trace_mix(uint64_t hash, uint64_t number)
{
	hash ^= number + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
	hash *= 0xff51afd7ed558ccdu;
	return hash ^ hash >> 32;
}

uint64_t trace_hash(uint64_t seed, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t hash = seed ^ 0xcbf29ce484222325u;

	for (; len >= 8; at += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, at, 8);
		hash = trace_mix(hash, word);
	}
	while (len--)
		hash = (hash ^ *at++) * 0x100000001b3u;
	return trace_mix(hash, 1);
}

/* Takes the next index below MAX; 0, which is none, if all are taken. */
static uint32_t take(uint32_t *counter, uint32_t max)
{
	uint32_t n = __atomic_load_n(counter, __ATOMIC_RELAXED);

	do {
		if (n >= max)
			return 0;
	} while (!__atomic_compare_exchange_n(counter, &n, n + 1, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return n;
}

static void not_counted(void)
{
	__atomic_fetch_add(&pt_trace->not_counted, 1, __ATOMIC_RELAXED);
}

/* -- Texts -- */

/* A text in the file. */
struct string {
	uint64_t hash;
	uint32_t len;
	char text[];
};

/*
 * The text at an offset, or NULL. Processes of several users can share the file, so an
 * offset that one has written must not lead another out of it.
 */
static struct string *string_of(trace_string at)
{
	const size_t size = sizeof(struct string) + TRACE_STRING;

	return at && at <= TRACE_TEXT - size ? trace_part(TRACE_AT_TEXT + at) : NULL;
}

void trace_copy_text(trace_string at, char out[TRACE_STRING])
{
	const struct string *string = string_of(at);

	out[0] = '\0';
	if (!string)
		return;
	memcpy(out, string->text, TRACE_STRING - 1);
	out[TRACE_STRING - 1] = '\0';
}

static uint32_t *text_slots(void)
{
	return (uint32_t *)trace_part(TRACE_AT_SLOTS) + TRACE_SLOTS;
}

/* The slot of the text with HASH, or a free one; NULL: all are taken. */
static uint32_t *find_text(uint64_t hash, size_t len)
{
	uint32_t *slots = text_slots();

	for (uint32_t i = 0; i < 64; i++) {
		uint32_t *slot = &slots[(hash + i) % TRACE_SLOTS];
		const uint32_t at = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		const struct string *string = string_of(at);

		if (!at || (string && string->hash == hash && string->len == len))
			return slot;
	}
	return NULL;
}

static size_t cut(size_t len)
{
	return len < TRACE_STRING ? len : TRACE_STRING - 1;
}

trace_string trace_find_text(const char *text, size_t len)
{
	uint32_t *slot = find_text(trace_hash(0, text, len), cut(len));

	return slot ? __atomic_load_n(slot, __ATOMIC_ACQUIRE) : 0;
}

/* Room for a text of LEN bytes, or 0. */
static trace_string take_text(size_t len)
{
	uint32_t size = (uint32_t)((sizeof(struct string) + len + 1 + 7) & ~(size_t)7);
	uint32_t at = __atomic_load_n(&pt_trace->text, __ATOMIC_RELAXED);

	do {
		if (at > TRACE_TEXT - size - TRACE_STRING || !at || at % 8)
			return 0;
	} while (!__atomic_compare_exchange_n(&pt_trace->text, &at, at + size, true,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return at;
}

trace_string trace_text(const char *text, size_t len)
{
	const uint64_t hash = trace_hash(0, text, len);
	uint32_t *slot = find_text(hash, cut(len)), none = 0;
	struct string *string;
	trace_string at;

	if (!slot)
		return 0;
	at = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
	if (at)
		return at;
	at = take_text(cut(len));
	if (!at)
		return 0;
	string = string_of(at);
	string->hash = hash;
	string->len = (uint32_t)cut(len);
	memcpy(string->text, text, cut(len));
	/* Another process can add the same text at the same time. Two copies do no harm. */
	__atomic_compare_exchange_n(slot, &none, at, false, __ATOMIC_RELEASE,
				    __ATOMIC_RELAXED);
	return at;
}

/* -- Records -- */

static struct trace_record *record_of(uint32_t n)
{
	return (struct trace_record *)trace_part(TRACE_AT_RECORDS) + n;
}

static void add(struct trace_record *record, uint64_t sequence)
{
	__atomic_fetch_add(&record->count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&record->last, sequence, __ATOMIC_RELAXED);
}

struct trace_record *trace_count(const struct trace_record *record, uint64_t key,
				 bool *new)
{
	uint32_t *slots = trace_part(TRACE_AT_SLOTS), taken = 0;
	const uint64_t sequence =
		__atomic_add_fetch(&pt_trace->sequence, 1, __ATOMIC_RELAXED);

	*new = false;
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t *slot = &slots[(key + i) % TRACE_SLOTS];
		uint32_t at = __atomic_load_n(slot, __ATOMIC_ACQUIRE);

		if (!at && !taken) {
			taken = take(&pt_trace->records, TRACE_RECORDS);
			if (!taken)
				break;
			*record_of(taken) = *record;
			record_of(taken)->key = key;
			record_of(taken)->first = sequence;
			record_of(taken)->last = sequence;
			record_of(taken)->count = 1;
		}
		if (!at &&
		    __atomic_compare_exchange_n(slot, &at, taken, false, __ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE)) {
			*new = true;
			return record_of(taken);
		}
		/* Another user's process can have written any number there. */
		if (at < TRACE_RECORDS && record_of(at)->key == key) {
			add(record_of(at), sequence);
			return record_of(at);
		}
	}
	not_counted();
	return NULL;
}

/* -- Images -- */

static struct trace_image *image_of(uint32_t n)
{
	return (struct trace_image *)trace_part(TRACE_AT_IMAGES) + n;
}

/* This process's arguments, separated by blanks. */
static trace_string command_line(void)
{
	char text[TRACE_STRING];
	int fd = sys_openat(AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC, 0);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = sys_read(fd, text, sizeof text);
	sys_close(fd);
	while (n > 0 && !text[n - 1])
		n--;
	if (n <= 0)
		return 0;
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = ' ';
	return trace_text(text, (size_t)n);
}

static trace_string program(void)
{
	char path[PATH_MAX];
	ssize_t n = sys_readlinkat(AT_FDCWD, "/proc/self/exe", path, sizeof path);

	return n > 0 ? trace_text(path, (size_t)n) : 0;
}

/* Records this process. FROM: the image that it was forked from, or 0. */
static uint32_t enter_image(uint32_t from)
{
	const uint32_t n = take(&pt_trace->images, TRACE_IMAGES);
	struct trace_image *image = image_of(n);

	if (!n) {
		not_counted();
		return 0;
	}
	image->pid = sys_getpid();
	image->parent = sys_getppid();
	image->uid = sys_geteuid();
	image->start = trace_now();
	image->program = from ? image_of(from)->program : program();
	image->command_line = from ? image_of(from)->command_line : command_line();
	image->modules_of = from ? image_of(from)->modules_of : n;
	image->forked = from;
	__atomic_store_n(&image->ready, 1, __ATOMIC_RELEASE);
	return n;
}

uint32_t trace_image(void)
{
	uint32_t n = __atomic_load_n(&own->image, __ATOMIC_RELAXED);

	if (n && (wiped || own->pid == sys_getpid()))
		return n;
	n = enter_image(parent_image);
	if (n) {
		own->pid = sys_getpid();
		parent_image = n;
		__atomic_store_n(&own->image, n, __ATOMIC_RELAXED);
	}
	return n;
}

uint32_t trace_modules_image(void)
{
	const uint32_t n = trace_image();

	return n ? image_of(n)->modules_of : 0;
}

void trace_stop(void)
{
	/* A vfork child has its parent's memory. */
	if (pt_trace && own->image && own->pid == sys_getpid())
		image_of(own->image)->end = trace_now();
}

/* Maps the file; false: it is not a trace. */
static bool map(const char *path)
{
	struct statx st;
	int fd = sys_openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
			    0);
	int error;

	if (fd < 0)
		return false;
	/* Its owner could truncate it, and so kill the processes that map it. */
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && S_ISREG(st.stx_mode) &&
	    st.stx_size == TRACE_SIZE && trust_owner(st.stx_uid, sys_geteuid()))
		pt_trace = sys_map_file(fd, TRACE_SIZE, PROT_READ | PROT_WRITE, &error);
	sys_close(fd);
	if (pt_trace &&
	    (pt_trace->magic != TRACE_MAGIC || pt_trace->version != TRACE_VERSION)) {
		sys_unmap(pt_trace, TRACE_SIZE);
		pt_trace = NULL;
	}
	return pt_trace != NULL;
}

void trace_start(char *const *envp)
{
	const char *path = envp ? environment_value(envp, TRACE_VARIABLE) : NULL;
	int error;

	if (pt_trace || !path || path[0] != '/' || !map(path))
		return;
	own = sys_pages(4096, &error);
	if (!own) {
		pt_trace = NULL;
		return;
	}
	wiped = SYS3(SYS_madvise, own, 4096, MADV_WIPEONFORK) == 0;
	trace_image();
}
