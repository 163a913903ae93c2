/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The addresses of a process's objects. They are read from /proc/self/maps, which needs no
 * lock of the dynamic linker. It is read when a call comes from an address that is in no
 * known object.
 */
#define _GNU_SOURCE
#include "trace/trace.h"
#include "core/sys.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>

/* The objects that this process has recorded. */
enum { KNOWN = 16 };
struct known {
	uint32_t image;
	uint64_t start, end;
};
static struct known known[KNOWN];
static uint32_t knows;

static struct trace_module *module_of(uint32_t n)
{
	return (struct trace_module *)trace_part(TRACE_AT_MODULES) + n;
}

static bool is_known(uint32_t image, uint64_t address)
{
	for (uint32_t i = 0; i < KNOWN; i++)
		if (known[i].image == image && known[i].start <= address &&
		    address < known[i].end)
			return true;
	return false;
}

/* The build-id of an object whose first page is mapped at START. */
static void read_build_id(struct trace_module *m, uint64_t start, uint64_t end)
{
	const ElfW(Ehdr) *header = (const void *)(uintptr_t)start;
	const ElfW(Phdr) * segment;

	if (end - start < 4096 || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_phoff > 2048 || header->e_phnum > 32)
		return;
	segment = (const void *)(uintptr_t)(start + header->e_phoff);
	for (unsigned i = 0; i < header->e_phnum; i++, segment++) {
		uint64_t at = segment->p_offset, to = at + segment->p_filesz;

		if (segment->p_type != PT_NOTE || to > end - start)
			continue;
		while (at + sizeof(ElfW(Nhdr)) <= to) {
			const ElfW(Nhdr) *note = (const void *)(uintptr_t)(start + at);
			uint64_t name = at + sizeof *note;
			uint64_t desc = name + ((note->n_namesz + 3u) & ~3u);

			if (desc + note->n_descsz > to)
				break;
			if (note->n_type == NT_GNU_BUILD_ID &&
			    note->n_descsz <= TRACE_BUILD_ID) {
				m->build_id_len = note->n_descsz;
				memcpy(m->build_id,
				       (const void *)(uintptr_t)(start + desc),
				       note->n_descsz);
				return;
			}
			at = desc + ((note->n_descsz + 3u) & ~3u);
		}
	}
}

/* A line of maps. */
struct line {
	uint64_t start, end, offset, inode;
	bool readable;
	const char *path;
};

static const char *read_number(const char *at, unsigned base, uint64_t *out)
{
	*out = 0;
	for (;; at++) {
		unsigned digit = *at >= '0' && *at <= '9' ? (unsigned)(*at - '0') :
				 *at >= 'a' && *at <= 'f' ? (unsigned)(*at - 'a') + 10 :
							    16;

		if (digit >= base)
			return at;
		*out = *out * base + digit;
	}
}

static bool read_line(const char *at, struct line *out)
{
	uint64_t device;

	at = read_number(at, 16, &out->start);
	if (*at++ != '-')
		return false;
	at = read_number(at, 16, &out->end);
	if (at[0] != ' ' || strlen(at) < 6)
		return false;
	out->readable = at[1] == 'r';
	at = read_number(at + 6, 16, &out->offset);
	at = read_number(at + (*at == ' '), 16, &device);
	at = read_number(at + (*at == ':'), 16, &device);
	at = read_number(at + (*at == ' '), 10, &out->inode);
	at += strspn(at, " ");
	out->path = at;
	return true;
}

/* The page that the object's build-id is in; it comes before its code. */
struct head {
	uint64_t inode, start, end;
};

static void enter_line(uint32_t image, const struct line *line, const struct head *head)
{
	struct trace_module *m;
	uint32_t n, place = __atomic_fetch_add(&knows, 1, __ATOMIC_RELAXED) % KNOWN;

	known[place] = (struct known){ image, line->start, line->end };
	n = __atomic_fetch_add(&pt_trace->modules, 1, __ATOMIC_RELAXED);
	if (n >= TRACE_MODULES) {
		__atomic_fetch_sub(&pt_trace->modules, 1, __ATOMIC_RELAXED);
		return;
	}
	m = module_of(n);
	m->image = image;
	m->start = line->start;
	m->end = line->end;
	m->offset = line->offset;
	m->inode = line->inode;
	m->path = trace_text(line->path, strlen(line->path));
	if (head->inode == line->inode)
		read_build_id(m, head->start, head->end);
	__atomic_store_n(&m->ready, 1, __ATOMIC_RELEASE);
}

/* Records the object that contains ADDRESS. */
static void read_maps(uint32_t image, uint64_t address)
{
	char room[2048];
	size_t have = 0;
	struct head head = { 0, 0, 0 };
	int fd = sys_openat(AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
	ssize_t n;

	if (fd < 0)
		return;
	while ((n = sys_read(fd, room + have, sizeof room - 1 - have)) > 0) {
		char *at = room, *end;
		struct line line;

		have += (size_t)n;
		room[have] = '\0';
		while ((end = strchr(at, '\n'))) {
			*end = '\0';
			if (read_line(at, &line)) {
				if (line.offset == 0 && line.readable)
					head = (struct head){ line.inode, line.start,
							      line.end };
				if (line.start <= address && address < line.end)
					enter_line(image, &line, &head);
			}
			at = end + 1;
		}
		have -= (size_t)(at - room);
		memmove(room, at, have);
		if (have == sizeof room - 1)
			have = 0; /* the name is too long */
	}
	sys_close(fd);
}

void trace_module(uint64_t address)
{
	const uint32_t image = trace_modules_image();

	if (!is_known(image, address))
		read_maps(image, address);
}

void trace_modules_moved(void)
{
	for (uint32_t i = 0; i < KNOWN; i++)
		known[i].image = 0;
}
