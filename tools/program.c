/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inspects a command; see program.h. */
#include "program.h"
#include "core/image.h"
#include "core/owner.h"

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
	SCRIPTS = 5, /* the kernel's limit of one within the other */
	LINE = 256,  /* the kernel's BINPRM_BUF_SIZE */
	NOTES = 1024, /* bytes of notes, and of data behind which Go's mark is not looked for */
	DATA = 65536,
	ROOM = 65536, /* bytes of code that are looked at together */
};

/* Whether SIZE bytes at OFFSET, at most LIMIT of them, have TEXT among them. */
static bool has_text(const struct elf *elf, uint64_t offset, uint64_t size, size_t limit,
		     const char *text, size_t len)
{
	char *bytes = malloc(limit);
	bool found = false;
	ssize_t n = 0;

	if (bytes)
		n = pread(elf->fd, bytes, size < limit ? (size_t)size : limit,
			  (off_t)offset);
	if (n > 0)
		found = memmem(bytes, (size_t)n, text, len) != NULL;
	free(bytes);
	return found;
}

/* A program header whose contents decide. */
static void inspect_segment(const struct elf *elf, const unsigned char *phdr,
			    struct program *out)
{
	static const char mark[] = "\xff Go buildinf:", owner[] = "Go\0";
	const uint64_t offset = ELF_FIELD(elf, Phdr, phdr, p_offset);
	const uint64_t size = ELF_FIELD(elf, Phdr, phdr, p_filesz);

	switch (ELF_FIELD(elf, Phdr, phdr, p_type)) {
	case PT_INTERP:
		out->musl = has_text(elf, offset, size, LINE, "/ld-musl-", 9);
		break;
	case PT_NOTE:
		out->go |= has_text(elf, offset, size, NOTES, owner, sizeof owner);
		break;
	case PT_LOAD:
		if (ELF_FIELD(elf, Phdr, phdr, p_flags) & PF_W)
			out->go |=
				has_text(elf, offset, size, DATA, mark, sizeof mark - 1);
		break;
	default: break;
	}
}

/* The result of the segments. */
struct segments {
	struct program *out;
	bool dynamic, library;
};

static bool use_header(const struct elf *elf, const unsigned char *phdr, void *data)
{
	struct segments *s = data;

	inspect_segment(elf, phdr, s->out);
	switch (ELF_FIELD(elf, Phdr, phdr, p_type)) {
	case PT_INTERP: s->dynamic = true; break;
	case PT_DYNAMIC: s->library = !s->dynamic && elf_is_library(elf, phdr); break;
	default: break;
	}
	return true;
}

/* Begins to read FD's file, of which HEAD has the first bytes then. False: it is no ELF. */
static bool begin(struct elf *elf, int fd, unsigned char head[IMAGE_HEAD])
{
	ssize_t n = pread(fd, head, IMAGE_HEAD, 0);

	return elf_take(elf, fd, head, n < 0 ? 0 : (size_t)n);
}

/* Begins to read FD, and fills in the facts of the ELF header, where there is one. */
static bool inspect_header(struct elf *elf, int fd, unsigned char header[IMAGE_HEAD],
			   struct program *out)
{
	if (!begin(elf, fd, header))
		return false;
	out->class = header[EI_CLASS];
	out->order = header[EI_DATA];
	out->known = true;
	out->machine = (unsigned short)ELF_FIELD(elf, Ehdr, header, e_machine);
	return true;
}

static void inspect_image(int fd, struct program *out)
{
	unsigned char header[IMAGE_HEAD];
	struct segments segments = { .out = out };
	struct elf elf;

	if (!inspect_header(&elf, fd, header, out))
		return;
	elf_each_segment(&elf, use_header, &segments);
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

/*
 * Reads the SIZE bytes at OFFSET in parts that overlap, into the same memory: that of a
 * large program costs a page fault for each page.
 */
static bool read_parts(const struct elf *elf, uint64_t offset, size_t size,
		       struct reading *r)
{
	static unsigned char room[ROOM];

	for (;;) {
		const size_t n = size < ROOM ? size : ROOM;

		if (!elf_read(elf, room, n, offset))
			return false;
		r->use(room, n, r->data);
		if (n == size)
			return true;
		offset += n - PROGRAM_OVERLAP;
		size -= n - PROGRAM_OVERLAP;
	}
}

static bool use_code(const struct elf *elf, const unsigned char *phdr, void *data)
{
	struct reading *r = data;
	const uint64_t given = ELF_FIELD(elf, Phdr, phdr, p_filesz);

	if (ELF_FIELD(elf, Phdr, phdr, p_type) != PT_LOAD || !given ||
	    !(ELF_FIELD(elf, Phdr, phdr, p_flags) & PF_X))
		return true;
	r->whole = false;
	if (given > r->left)
		return false;
	r->left -= (size_t)given;
	r->whole =
		read_parts(elf, ELF_FIELD(elf, Phdr, phdr, p_offset), (size_t)given, r);
	return r->whole;
}

bool program_read_code(const struct program *program, size_t limit, program_code *use,
		       void *data)
{
	struct reading reading = { limit, true, use, data };
	unsigned char header[IMAGE_HEAD];
	int fd = open(program->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct elf elf;
	bool read;

	if (fd < 0)
		return false;
	read = begin(&elf, fd, header) && elf_each_segment(&elf, use_code, &reading);
	close(fd);
	return read && reading.whole;
}

/* -- Rights and interpreters -- */

/*
 * Whether the kernel runs FD's file in secure-execution mode, in which ld.so ignores
 * LD_PRELOAD: with another identity or capabilities.
 */
static bool is_secure(int fd, const struct stat *st)
{
	struct statvfs fs;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
	    (fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_NOSUID)))
		return false; /* the bits are ignored */
	if (owner_gives_rights(st->st_uid, st->st_gid) &&
	    (((st->st_mode & S_ISUID) && st->st_uid != getuid()) ||
	     ((st->st_mode & S_ISGID) && (st->st_mode & S_IXGRP) &&
	      st->st_gid != getgid())))
		return true;
	return getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/* The interpreter in a script's first line, which is destroyed. NULL: no script. */
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

/* An unreadable program can still be seen to be set-id. */
static int inspect_unreadable(struct program *out)
{
	struct stat st;
	int fd = open(out->path, O_PATH | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno;
	/* fgetxattr(2) does not work on such a descriptor: capabilities are unknown. */
	out->secure = is_secure(fd, &st);
	close(fd);
	return 0;
}

/* All but the path, which is a page. */
static void clear(struct program *out)
{
	const size_t n = offsetof(struct program, script);

	out->path[0] = '\0';
	memset((char *)out + n, 0, sizeof *out - n);
}

int program_inspect(const char *path, struct program *out)
{
	clear(out);
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
		/* Set-id bits of scripts are ignored. */
		out->secure = false;
		out->script = true;
		memcpy(out->path, next, strlen(next) + 1);
		path = out->path;
	}
	return ELOOP;
}

int program_look(const char *path, struct program *out)
{
	unsigned char header[IMAGE_HEAD];
	struct elf elf;
	int fd;

	clear(out);
	if (strlen(path) >= sizeof out->path)
		return ENAMETOOLONG;
	strcpy(out->path, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno;
	inspect_header(&elf, fd, header, out);
	close(fd);
	return 0;
}
