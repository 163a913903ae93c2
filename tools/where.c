/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * where: names places in programs, for "privtmp audit". A program of its own, since privtmp
 * is linked statically and reads no file that others have made. Reads lines
 *
 *     MODULE <tab> BUILD-ID <tab> OFFSET
 *
 * (the build-id may be empty, the offset in the file is hexadecimal), and answers each with
 *
 *     FUNCTION <tab> FILE <tab> LINE
 *
 * of which all may be empty. Debug information comes from what is installed.
 */
#define _GNU_SOURCE
#include "less.h"

#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whatever the files are made to look like. */
enum {
	SECONDS = 60, /* of processor time, for all */
	PATIENCE = 20 /* seconds for one place */
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* A file that has been opened before. */
struct module {
	char *path;
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: it cannot be read */
	struct module *next;
};

/* Opens a file, and nothing that would wait, or do something by being opened; or -1. */
static int open_file(const char *path)
{
	const int at = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC);
	char name[32];
	struct stat st;
	int fd = -1;

	if (at < 0)
		return -1;
	if (fstat(at, &st) == 0 && S_ISREG(st.st_mode)) {
		snprintf(name, sizeof name, "/proc/self/fd/%d", at);
		fd = openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
	} else {
		errno = ENOENT;
	}
	close(at);
	return fd;
}

/*
 * open(3), for libdw: where debug information is, and its parts, the files say that it reads,
 * and what they name can be a FIFO.
 */
#define SEEN __attribute__((visibility("default")))
SEEN int open_for_libdw(const char *path, int flags, ...) __asm__("open");
SEEN int open64_for_libdw(const char *path, int flags, ...) __asm__("open64")
	__attribute__((alias("open")));

int open_for_libdw(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	if (!(flags & (O_ACCMODE | O_CREAT | O_DIRECTORY | O_PATH)))
		return open_file(path);
	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return openat(AT_FDCWD, path, flags, mode);
}

/* The file as a module, or NULL. */
static Dwfl_Module *report_file(Dwfl *dwfl, const char *path)
{
	const int fd = open_file(path);
	Dwfl_Module *module;

	if (fd < 0)
		return NULL;
	dwfl_report_begin(dwfl);
	module = dwfl_report_offline(dwfl, path, path, fd);
	dwfl_report_end(dwfl, NULL, NULL);
	if (!module)
		close(fd);
	return module;
}

static struct module *module_of(const char *path)
{
	static struct module *all;
	struct module *m;

	for (m = all; m; m = m->next)
		if (!strcmp(m->path, path))
			return m;
	m = calloc(1, sizeof *m);
	if (!m)
		return NULL;
	m->path = strdup(path);
	m->dwfl = dwfl_begin(&callbacks);
	if (m->dwfl)
		m->module = report_file(m->dwfl, path);
	m->next = all;
	return all = m;
}

/* Whether the file is still the one that was mapped. */
static bool is_same(Dwfl_Module *module, const char *build_id)
{
	const unsigned char *bits;
	GElf_Addr address;
	int n = dwfl_module_build_id(module, &bits, &address);
	char text[2 * 64 + 1] = "";

	for (int i = 0; i < n && i < 64; i++)
		sprintf(text + 2 * i, "%02x", bits[i]);
	return !*build_id || !strcmp(text, build_id);
}

/* The address to which OFFSET in the file is loaded, or 0. */
static GElf_Addr address_of(Dwfl_Module *module, GElf_Off offset)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t n = 0;

	if (!elf || elf_getphdrnum(elf, &n) < 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_LOAD &&
		    offset >= segment.p_offset &&
		    offset - segment.p_offset < segment.p_filesz)
			return offset - segment.p_offset + segment.p_vaddr + bias;
	}
	return 0;
}

/* A tab or a line's end in a name would be taken for ours. */
static void put(const char *text)
{
	for (; text && *text; text++)
		putchar(*text == '\t' || *text == '\n' ? '?' : *text);
}

static void answer(const char *path, const char *build_id, GElf_Off offset)
{
	const struct module *m = module_of(path);
	GElf_Addr address = 0;
	Dwfl_Line *line;
	int number = 0;

	if (m && m->module && is_same(m->module, build_id))
		address = address_of(m->module, offset);
	if (!address) {
		puts("\t\t");
		return;
	}
	put(dwfl_module_addrname(m->module, address));
	putchar('\t');
	line = dwfl_module_getsrc(m->module, address);
	put(line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL);
	putchar('\t');
	if (number > 0)
		printf("%d", number);
	putchar('\n');
}

int main(void)
{
	const struct rlimit limit = { SECONDS, SECONDS };
	char *line = NULL;
	size_t size = 0;

	setrlimit(RLIMIT_CPU, &limit);
	less_rights();
	while (getline(&line, &size, stdin) > 0) {
		char *id = strchr(line, '\t'), *offset = id ? strchr(id + 1, '\t') : NULL;

		if (!offset)
			return 1;
		*id++ = *offset++ = '\0';
		/* What a file says of its debug information may lead to a FIFO. */
		alarm(PATIENCE);
		answer(line, id, strtoull(offset, NULL, 16));
		fflush(stdout);
	}
	return 0;
}
