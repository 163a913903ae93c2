/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command is; see program.h. */
#include "program.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	SCRIPTS = 5,   /* the kernel's limit of one within the other */
	LINE = 256,    /* the kernel's BINPRM_BUF_SIZE */
	HEADERS = 128, /* program headers that are looked at */
	TAGS = 256,    /* entries of the dynamic section */
};

/* An open ELF file; numbers are read in its own byte order. */
struct image {
	int fd;
	bool wide; /* 64 bits */
	bool swapped;
};

static uint64_t number(const struct image *image, const void *at, size_t size)
{
	uint64_t value = 0;
	const unsigned char *bytes = at;
	bool big = (__BYTE_ORDER == __BIG_ENDIAN) != image->swapped;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1 - i];
	return value;
}

/* A field of a 32-bit or 64-bit structure at AT. */
#define FIELD(image, type, at, name) \
	((image)->wide ? number(image, (at) + offsetof(Elf64_##type, name), \
				sizeof((Elf64_##type *)0)->name) : \
			 number(image, (at) + offsetof(Elf32_##type, name), \
				sizeof((Elf32_##type *)0)->name))

#define SIZE(image, type) ((image)->wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

static bool read_at(const struct image *image, void *to, size_t size, uint64_t at)
{
	return pread(image->fd, to, size, (off_t)at) == (ssize_t)size;
}

/*
 * Whether the dynamic section at OFFSET names the file as a library. Among
 * files without an interpreter that tells the dynamic linker itself, which
 * heeds LD_PRELOAD for the program it is given, from a static program.
 */
static bool is_library(const struct image *image, uint64_t offset, uint64_t size)
{
	const size_t entry = SIZE(image, Dyn);
	unsigned char dyn[sizeof(Elf64_Dyn)];

	for (uint64_t i = 0; i < TAGS && (i + 1) * entry <= size; i++) {
		uint64_t tag;

		if (!read_at(image, dyn, entry, offset + i * entry))
			return false;
		tag = FIELD(image, Dyn, dyn, d_tag);
		if (tag == DT_SONAME)
			return true;
		if (tag == DT_NULL)
			return false;
	}
	return false;
}

/* Whether the program headers ask for a dynamic linker. */
static bool is_dynamic(const struct image *image, const unsigned char *header)
{
	uint64_t offset = FIELD(image, Ehdr, header, e_phoff);
	uint64_t count = FIELD(image, Ehdr, header, e_phnum);
	uint64_t entry = FIELD(image, Ehdr, header, e_phentsize);
	bool library = false;

	if (entry < SIZE(image, Phdr))
		return false;
	for (uint64_t i = 0; i < count && i < HEADERS; i++) {
		unsigned char phdr[sizeof(Elf64_Phdr)];
		uint64_t type;

		if (!read_at(image, phdr, SIZE(image, Phdr), offset + i * entry))
			return false;
		type = FIELD(image, Phdr, phdr, p_type);
		if (type == PT_INTERP)
			return true;
		if (type == PT_DYNAMIC)
			library = is_library(image, FIELD(image, Phdr, phdr, p_offset),
					     FIELD(image, Phdr, phdr, p_filesz));
	}
	return library;
}

/* Fills in what the ELF header says, where there is one. */
static void inspect_image(int fd, struct program *out)
{
	unsigned char header[sizeof(Elf64_Ehdr)];
	struct image image = { .fd = fd };
	ssize_t n = pread(fd, header, sizeof header, 0);

	if (n < (ssize_t)sizeof(Elf32_Ehdr) || memcmp(header, ELFMAG, SELFMAG) != 0)
		return;
	out->class = header[EI_CLASS];
	out->order = header[EI_DATA];
	image.wide = out->class == ELFCLASS64;
	image.swapped = (out->order == ELFDATA2MSB) != (__BYTE_ORDER == __BIG_ENDIAN);
	if (image.wide && n < (ssize_t)sizeof(Elf64_Ehdr))
		return;
	out->known = true;
	out->machine = (unsigned short)FIELD(&image, Ehdr, header, e_machine);
	out->is_static = !is_dynamic(&image, header);
}

/*
 * Whether the kernel runs FD's file in secure-execution mode, in which ld.so
 * ignores LD_PRELOAD: with an identity or capabilities that are not ours.
 */
static bool is_secure(int fd, const struct stat *st)
{
	struct statvfs fs;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
	    (fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_NOSUID)))
		return false; /* the bits are ignored */
	if ((st->st_mode & S_ISUID) && st->st_uid != getuid())
		return true;
	if ((st->st_mode & S_ISGID) && (st->st_mode & S_IXGRP) && st->st_gid != getgid())
		return true;
	return getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/*
 * The interpreter in a script's first line. LINE is taken apart. NULL: it is
 * no script.
 */
static char *interpreter_of(char *line)
{
	char *at;

	if (line[0] != '#' || line[1] != '!')
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	at = line + 2 + strspn(line + 2, " \t");
	at[strcspn(at, " \t")] = '\0';
	return *at ? at : NULL;
}

/* Set-id programs that may not be read can still be seen to be set-id. */
static int inspect_unreadable(struct program *out)
{
	struct stat st;
	int fd = open(out->path, O_PATH | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno;
	/* fgetxattr does not take such a descriptor: capabilities stay unseen. */
	out->secure = is_secure(fd, &st);
	close(fd);
	return 0;
}

int program_inspect(const char *path, struct program *out)
{
	memset(out, 0, sizeof *out);
	for (int depth = 0; depth < SCRIPTS; depth++) {
		char line[LINE] = "";
		struct stat st;
		char *next;
		int fd;

		if (strlen(path) >= sizeof out->path)
			return ENAMETOOLONG;
		memmove(out->path, path, strlen(path) + 1);
		fd = open(out->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			return errno == EACCES ? inspect_unreadable(out) : errno;
		if (fstat(fd, &st) == 0)
			out->secure = is_secure(fd, &st);
		inspect_image(fd, out);
		if (!out->known && pread(fd, line, sizeof line - 1, 0) < 0)
			line[0] = '\0';
		close(fd);
		next = interpreter_of(line);
		if (!next)
			return 0;
		/* The rights of a script are not heeded. */
		out->secure = false;
		out->script = true;
		memcpy(out->path, next, strlen(next) + 1);
		path = out->path;
	}
	return ELOOP;
}
