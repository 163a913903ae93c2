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
#include <stdlib.h>
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
	NOTES = 1024, /* bytes of notes, and of data behind which Go's mark is not looked for */
	DATA = 65536,
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

/* Whether SIZE bytes at OFFSET, at most LIMIT of them, have TEXT among them. */
static bool has_text(const struct image *image, uint64_t offset, uint64_t size,
		     size_t limit, const char *text, size_t len)
{
	char *bytes = malloc(limit);
	bool found = false;
	ssize_t n = 0;

	if (bytes)
		n = pread(image->fd, bytes, size < limit ? size : limit, (off_t)offset);
	if (n > 0)
		found = memmem(bytes, (size_t)n, text, len) != NULL;
	free(bytes);
	return found;
}

/* A program header of the kind that only a look at what it leads to tells. */
static void inspect_segment(const struct image *image, const unsigned char *phdr,
			    struct program *out)
{
	static const char mark[] = "\xff Go buildinf:", owner[] = "Go\0";
	const uint64_t offset = FIELD(image, Phdr, phdr, p_offset);
	const uint64_t size = FIELD(image, Phdr, phdr, p_filesz);

	switch (FIELD(image, Phdr, phdr, p_type)) {
	case PT_INTERP:
		out->musl = has_text(image, offset, size, LINE, "/ld-musl-", 9);
		break;
	case PT_NOTE:
		out->go |= has_text(image, offset, size, NOTES, owner, sizeof owner);
		break;
	case PT_LOAD:
		if (FIELD(image, Phdr, phdr, p_flags) & PF_W)
			out->go |= has_text(image, offset, size, DATA, mark,
					    sizeof mark - 1);
		break;
	default: break;
	}
}

/* Calls USE for each program header, until it returns false. False: one was not there. */
typedef bool use_segment(const struct image *image, const unsigned char *phdr,
			 void *data);

static bool each_segment(const struct image *image, const unsigned char *header,
			 use_segment *use, void *data)
{
	uint64_t offset = FIELD(image, Ehdr, header, e_phoff);
	uint64_t count = FIELD(image, Ehdr, header, e_phnum);
	uint64_t entry = FIELD(image, Ehdr, header, e_phentsize);

	if (entry < SIZE(image, Phdr))
		return false;
	for (uint64_t i = 0; i < count && i < HEADERS; i++) {
		unsigned char phdr[sizeof(Elf64_Phdr)];

		if (!read_at(image, phdr, SIZE(image, Phdr), offset + i * entry))
			return false;
		if (!use(image, phdr, data))
			return true;
	}
	return true;
}

/* What the segments say. */
struct segments {
	struct program *out;
	bool dynamic, library;
};

static bool use_header(const struct image *image, const unsigned char *phdr, void *data)
{
	struct segments *s = data;

	inspect_segment(image, phdr, s->out);
	switch (FIELD(image, Phdr, phdr, p_type)) {
	case PT_INTERP: s->dynamic = true; break;
	case PT_DYNAMIC:
		s->library = is_library(image, FIELD(image, Phdr, phdr, p_offset),
					FIELD(image, Phdr, phdr, p_filesz));
		break;
	default: break;
	}
	return true;
}

/* Reads the ELF header of FD's file into HEADER. False: it is no such file. */
static bool read_header(int fd, unsigned char header[sizeof(Elf64_Ehdr)],
			struct image *image)
{
	ssize_t n = pread(fd, header, sizeof(Elf64_Ehdr), 0);

	image->fd = fd;
	if (n < (ssize_t)sizeof(Elf32_Ehdr) || memcmp(header, ELFMAG, SELFMAG) != 0)
		return false;
	image->wide = header[EI_CLASS] == ELFCLASS64;
	image->swapped = (header[EI_DATA] == ELFDATA2MSB) !=
			 (__BYTE_ORDER == __BIG_ENDIAN);
	return !image->wide || n == (ssize_t)sizeof(Elf64_Ehdr);
}

/* Fills in what the ELF header says, where there is one. */
static void inspect_image(int fd, struct program *out)
{
	unsigned char header[sizeof(Elf64_Ehdr)];
	struct segments segments = { .out = out };
	struct image image;

	if (!read_header(fd, header, &image))
		return;
	out->class = header[EI_CLASS];
	out->order = header[EI_DATA];
	out->known = true;
	out->machine = (unsigned short)FIELD(&image, Ehdr, header, e_machine);
	each_segment(&image, header, use_header, &segments);
	out->is_static = !segments.dynamic && !segments.library;
	out->is_linker = !segments.dynamic && segments.library;
}

/* -- Code -- */

struct reading {
	size_t left;
	bool whole;
	program_code *use;
	void *data;
};

static bool use_code(const struct image *image, const unsigned char *phdr, void *data)
{
	struct reading *r = data;
	uint64_t size = FIELD(image, Phdr, phdr, p_filesz);
	unsigned char *bytes;

	if (FIELD(image, Phdr, phdr, p_type) != PT_LOAD || !size ||
	    !(FIELD(image, Phdr, phdr, p_flags) & PF_X))
		return true;
	r->whole = false;
	if (size > r->left)
		return false;
	r->left -= size;
	bytes = malloc(size);
	if (bytes && read_at(image, bytes, size, FIELD(image, Phdr, phdr, p_offset))) {
		r->use(bytes, size, r->data);
		r->whole = true;
	}
	free(bytes);
	return r->whole;
}

bool program_read_code(const struct program *program, size_t limit, program_code *use,
		       void *data)
{
	struct reading reading = { limit, true, use, data };
	unsigned char header[sizeof(Elf64_Ehdr)];
	int fd = open(program->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct image image;
	bool read;

	if (fd < 0)
		return false;
	read = read_header(fd, header, &image) &&
	       each_segment(&image, header, use_code, &reading);
	close(fd);
	return read && reading.whole;
}

/* -- Rights and interpreters -- */

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
