/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words of a step. Paths: plain bytes, "\xNN", "\s" for a space, "\@1" for
 * the number in a register, "{x*40}" repeats, and the pointers NULL, BAD, PROTNONE and EDGE:text (not terminated
 * before the mapping ends). Every path is placed right before an unreadable
 * page, so that reading one byte past its end is a fault.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SLOTS 8
#define SLOT_SIZE ((size_t)32 * 4096)

long registers[REGISTERS];

int split(char *line, struct args *a)
{
	char *save = NULL;
	a->count = 0;
	for (char *w = strtok_r(line, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		if (a->count == MAX_ARGS - 1) {
			fprintf(stderr, "driver: too many words\n");
			exit(3);
		}
		a->word[a->count++] = w;
	}
	a->word[a->count] = NULL;
	return a->count;
}

/* The end of a slot; what follows it cannot be read. */
static char *slot_end(int i)
{
	static char *slots[SLOTS];
	if (!slots[i]) {
		char *p = mmap(NULL, SLOT_SIZE + 4096, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED || mprotect(p + SLOT_SIZE, 4096, PROT_NONE) != 0) {
			perror("driver: mmap");
			exit(3);
		}
		slots[i] = p + SLOT_SIZE;
	}
	return slots[i];
}

static size_t decode(const char *word, char *to, size_t room);

/* "{text*count}"; returns what was read of it. */
static size_t decode_repeat(const char *word, char *to, size_t room, size_t *made)
{
	const char *star = strchr(word, '*');
	const char *close = strchr(word, '}');
	if (!star || !close || star > close) {
		/* A brace of a pattern. */
		to[(*made)++] = '{';
		return 1;
	}
	char *unit = strndup(word + 1, (size_t)(star - word - 1));
	char piece[512];
	size_t length = decode(unit, piece, sizeof piece);
	free(unit);
	for (long n = strtol(star + 1, NULL, 10); n > 0 && *made + length < room; n--) {
		memcpy(to + *made, piece, length);
		*made += length;
	}
	return (size_t)(close - word + 1);
}

static size_t decode(const char *word, char *to, size_t room)
{
	size_t made = 0;
	while (*word && made + 1 < room) {
		if (*word == '{') {
			word += decode_repeat(word, to, room, &made);
		} else if (word[0] == '\\' && word[1] == 'x' && word[2] && word[3]) {
			char hex[3] = { word[2], word[3], 0 };
			to[made++] = (char)strtol(hex, NULL, 16);
			word += 4;
		} else if (word[0] == '\\' && word[1] == '@' && word[2]) {
			made += (size_t)snprintf(to + made, room - made, "%ld",
						 registers[(word[2] - '0') % REGISTERS]);
			word += 3;
		} else if (word[0] == '\\' && word[1]) {
			to[made++] = word[1] == 's' ? ' ' :
				     word[1] == 'n' ? '\n' :
						      word[1];
			word += 2;
		} else if (word[0] == '-' && word[1] == '-' && word[2] == 0) {
			word += 2; /* "--" is the empty string */
		} else {
			to[made++] = *word++;
		}
	}
	return made;
}

char *text_arg(const struct args *a, int i, size_t *length)
{
	static char scratch[SLOT_SIZE];
	const char *word = i < a->count ? a->word[i] : "--";
	size_t used = decode(word, scratch, sizeof scratch);
	char *at = slot_end(i % SLOTS) - used - 1;
	memcpy(at, scratch, used);
	at[used] = 0;
	if (length)
		*length = used;
	return at;
}

char *path_arg(const struct args *a, int i)
{
	const char *word = i < a->count ? a->word[i] : "--";
	if (strcmp(word, "NULL") == 0)
		return NULL;
	if (strcmp(word, "BAD") == 0)
		return (char *)(uintptr_t)1;
	if (strcmp(word, "PROTNONE") == 0)
		return slot_end(i % SLOTS) + 16;
	if (strncmp(word, "EDGE:", 5) == 0) {
		size_t length;
		struct args edge = { .count = 1, .word = { a->word[i] + 5 } };
		char *text = text_arg(&edge, 0, &length);
		char *at = slot_end(i % SLOTS) - length;
		memmove(at, text, length);
		return at;
	}
	return text_arg(a, i, NULL);
}

long number_arg(const struct args *a, int i, long fallback)
{
	if (i >= a->count)
		return fallback;
	long value = 0;
	for (const char *w = a->word[i]; *w;) {
		size_t length = strcspn(w, "|");
		long part;
		if (w[0] == '@')
			part = registers[strtol(w + 1, NULL, 10) % REGISTERS];
		else if (!symbol_value(w, length, &part)) {
			char *end;
			part = (long)strtoll(w, &end, 0);
			if (end != w + length) {
				fprintf(stderr, "driver: bad number: %s\n", a->word[i]);
				exit(3);
			}
		}
		value |= part;
		w += length;
		if (*w == '|')
			w++;
	}
	return value;
}

int fd_arg(const struct args *a, int i)
{
	return (int)number_arg(a, i, -1);
}
