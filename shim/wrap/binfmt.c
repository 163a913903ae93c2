/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs that the kernel has an emulator for; see binfmt.h. */
#define _GNU_SOURCE
#include "wrap/binfmt.h"
#include "core/sys.h"
#include "policy/text.h"

#include <fcntl.h>
#include <string.h>

enum {
	MAGIC = 128, /* the kernel's limit of what a format goes by, in bytes */
	TEXT = 1024, /* what it says of one, but for long names of interpreters */
	ENTRIES = 1024,
};

/* What follows NAME in a line of TEXT, or NULL. */
static const char *line_of(const char *text, const char *name)
{
	for (; *text; text += text_until(text, "\n"), text += *text != '\0') {
		const char *behind = text_after(text, name);

		if (behind)
			return behind;
	}
	return NULL;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the byte number I of the hexadecimal AT; -1: there is none. */
static int byte_of(const char *at, size_t i)
{
	const int high = digit(at[2 * i]), low = high < 0 ? -1 : digit(at[2 * i + 1]);

	return low < 0 ? -1 : high << 4 | low;
}

/* Whether HEAD is of the format that TEXT describes. */
static bool matches(const char *text, const unsigned char *head, size_t n)
{
	const char *magic = line_of(text, "magic "), *mask = line_of(text, "mask ");
	const char *offset = line_of(text, "offset ");
	size_t at = 0;

	if (!text_after(text, "enabled") || !magic || !offset)
		return false;
	for (; *offset >= '0' && *offset <= '9' && at < TEXT; offset++)
		at = 10 * at + (size_t)(*offset - '0');
	for (size_t i = 0; i < MAGIC; i++) {
		const int want = byte_of(magic, i);
		const int heeded = mask ? byte_of(mask, i) : 0xff;

		if (want < 0)
			return i > 0;
		if (at + i >= n || heeded < 0 || ((head[at + i] ^ want) & heeded))
			return false;
	}
	return true;
}

/* The same of the entry NAME in the directory DIR. */
static bool is_entry(int dir, const char *name, const unsigned char *head, size_t n)
{
	char text[TEXT + 1];
	int fd = sys_openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	ssize_t len;

	if (fd < 0)
		return false;
	len = sys_read(fd, text, TEXT);
	sys_close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	return matches(text, head, n);
}

bool binfmt_has(const unsigned char *head, size_t n)
{
	int dir = sys_openat(AT_FDCWD, "/proc/sys/fs/binfmt_misc",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	_Alignas(struct kernel_dirent) char entries[ENTRIES];
	bool found = false;
	ssize_t len;

	if (dir < 0)
		return false;
	while (!found && (len = sys_getdents(dir, entries, sizeof entries)) > 0)
		for (ssize_t at = 0; at < len && !found;) {
			const struct kernel_dirent *entry =
				(const struct kernel_dirent *)(entries + at);

			at += entry->len;
			if (entry->name[0] != '.' && strcmp(entry->name, "register") &&
			    strcmp(entry->name, "status"))
				found = is_entry(dir, entry->name, head, n);
		}
	sys_close(dir);
	return found;
}
