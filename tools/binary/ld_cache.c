/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading ld.so.cache, in the form that glibc has had since 2.2; see ld_cache.h. */
#include "ld_cache.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CACHE "/etc/ld.so.cache"

enum { LARGEST = 64 << 20 };

static const char old_magic[] = "ld.so-1.7.0";
static const char magic[] = "glibc-ld.so.cache1.1";

struct header {
	char magic[sizeof magic - 1];
	uint32_t entries, strings;
	uint32_t unused[5];
};

struct entry {
	int32_t flags;
	uint32_t key, value; /* offsets of name and path, from the header on */
	uint32_t version;
	uint64_t features; /* of processors that it is for; 0: all */
};

struct old_header {
	char magic[sizeof old_magic - 1];
	uint32_t entries;
};

struct old_entry {
	int32_t flags;
	uint32_t key, value;
};

static char *text; /* from the header on, with a NUL behind it */
static size_t size;

static char *read_file(size_t *length)
{
	int fd = open(CACHE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *out = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < LARGEST)
		out = calloc(1, (size_t)st.st_size + 1);
	if (out) {
		ssize_t n = read(fd, out, (size_t)st.st_size);

		*length = n < 0 ? 0 : (size_t)n;
	}
	close(fd);
	return out;
}

/* Where an old table comes first, the new one is behind it. */
static size_t skip_old(const char *file, size_t length)
{
	struct old_header old;
	size_t at;

	if (length < sizeof old || memcmp(file, old_magic, sizeof old.magic) != 0)
		return 0;
	memcpy(&old, file, sizeof old);
	at = sizeof old + (size_t)old.entries * sizeof(struct old_entry);
	return (at + _Alignof(struct entry) - 1) & ~(_Alignof(struct entry) - 1);
}

static void load(void)
{
	static bool tried;
	size_t length = 0, at;
	char *file;

	if (tried)
		return;
	tried = true;
	file = read_file(&length);
	if (!file)
		return;
	at = skip_old(file, length);
	if (at > length || length - at < sizeof(struct header) ||
	    memcmp(file + at, magic, sizeof magic - 1) != 0)
		return;
	text = file + at;
	size = length - at;
}

const char *ld_cache_next(const char *name, unsigned *at)
{
	struct header header;
	struct entry entry;

	load();
	if (!text)
		return NULL;
	memcpy(&header, text, sizeof header);
	for (; *at < header.entries; ++*at) {
		size_t place = sizeof header + (size_t)*at * sizeof entry;

		if (place + sizeof entry > size)
			return NULL;
		memcpy(&entry, text + place, sizeof entry);
		/* One for better processors imports the same. */
		if (entry.features || entry.key >= size || entry.value >= size ||
		    strcmp(text + entry.key, name) != 0)
			continue;
		++*at;
		return text + entry.value;
	}
	return NULL;
}
