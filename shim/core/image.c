/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an ELF file says of itself; see image.h. */
#include "core/image.h"
#include "core/sys.h"

#include <endian.h>
#include <string.h>

enum {
	HEADERS = 128, /* program headers that are looked at */
	TAGS = 256,    /* entries of the dynamic section */
	NOTES = 8,     /* notes of a segment */
	AT_ONCE = 32,  /* entries of the dynamic section that are read by one call */
};

bool elf_take(struct elf *elf, int fd, const void *head, size_t n)
{
	*elf = (struct elf){ .fd = fd, .head = head, .n = n };
	if (n < sizeof(Elf32_Ehdr) || memcmp(head, ELFMAG, SELFMAG) != 0)
		return false;
	elf->wide = elf->head[EI_CLASS] == ELFCLASS64;
	elf->swapped = (elf->head[EI_DATA] == ELFDATA2MSB) !=
		       (__BYTE_ORDER == __BIG_ENDIAN);
	return !elf->wide || n >= sizeof(Elf64_Ehdr);
}

uint64_t elf_number(const struct elf *elf, const void *at, size_t size)
{
	uint64_t value = 0;
	const unsigned char *bytes = at;
	bool big = (__BYTE_ORDER == __BIG_ENDIAN) != elf->swapped;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1 - i];
	return value;
}

bool elf_read(const struct elf *elf, void *to, size_t size, uint64_t at)
{
	if (at <= elf->n && size <= elf->n - at) {
		memcpy(to, elf->head + at, size);
		return true;
	}
	return at <= INT64_MAX && sys_pread(elf->fd, to, size, (long)at) == (ssize_t)size;
}

bool elf_each_segment(const struct elf *elf, elf_segment *use, void *data)
{
	uint64_t offset = ELF_FIELD(elf, Ehdr, elf->head, e_phoff);
	uint64_t count = ELF_FIELD(elf, Ehdr, elf->head, e_phnum);
	uint64_t entry = ELF_FIELD(elf, Ehdr, elf->head, e_phentsize);

	if (entry < ELF_SIZE(elf, Phdr))
		return false;
	for (uint64_t i = 0; i < count && i < HEADERS; i++) {
		unsigned char phdr[sizeof(Elf64_Phdr)];

		if (!elf_read(elf, phdr, ELF_SIZE(elf, Phdr), offset + i * entry))
			return false;
		if (!use(elf, phdr, data))
			return true;
	}
	return true;
}

bool elf_is_library(const struct elf *elf, const unsigned char *phdr)
{
	const uint64_t offset = ELF_FIELD(elf, Phdr, phdr, p_offset);
	const uint64_t size = ELF_FIELD(elf, Phdr, phdr, p_filesz);
	const size_t entry = ELF_SIZE(elf, Dyn);
	const uint64_t count = size / entry < TAGS ? size / entry : TAGS;
	unsigned char dyn[AT_ONCE * sizeof(Elf64_Dyn)];

	for (uint64_t i = 0; i < count; i++) {
		const unsigned char *at = dyn + i % AT_ONCE * entry;
		uint64_t tag;

		if (i % AT_ONCE == 0) {
			uint64_t n = count - i < AT_ONCE ? count - i : AT_ONCE;

			if (!elf_read(elf, dyn, (size_t)n * entry, offset + i * entry))
				return false;
		}
		tag = ELF_FIELD(elf, Dyn, at, d_tag);
		if (tag == DT_SONAME)
			return true;
		if (tag == DT_NULL)
			return false;
	}
	return false;
}

/* -- What decides -- */

/* Reads the notes of the segment PHDR. */
static void read_notes(const struct elf *elf, const unsigned char *phdr,
		       struct image *out)
{
	uint64_t at = ELF_FIELD(elf, Phdr, phdr, p_offset);
	const uint64_t end = at + ELF_FIELD(elf, Phdr, phdr, p_filesz);
	static const char tool[] = IMAGE_TOOL_NAME, go[4] = "Go";
	struct image_note note;

	for (int i = 0; i < NOTES && at < end && end - at >= sizeof note; i++) {
		uint64_t name, more;

		if (!elf_read(elf, &note, sizeof note, at))
			return;
		name = elf_number(elf, &note.name_size, sizeof note.name_size);
		more = elf_number(elf, &note.size, sizeof note.size);
		out->tool |= name == sizeof tool && !memcmp(note.name, tool, sizeof tool);
		out->go |= name == sizeof go && !memcmp(note.name, go, sizeof go);
		at += offsetof(struct image_note, name) + ((name + 3) & ~3ULL) +
		      ((more + 3) & ~3ULL);
	}
}

/* Whether the dynamic linker that the segment PHDR names is musl's. */
static bool is_musl(const struct elf *elf, const unsigned char *phdr)
{
	static const char name[] = "/ld-musl-";
	char path[64] = "";
	const uint64_t size = ELF_FIELD(elf, Phdr, phdr, p_filesz);

	elf_read(elf, path, size < sizeof path ? (size_t)size : sizeof path - 1,
		 ELF_FIELD(elf, Phdr, phdr, p_offset));
	return strstr(path, name) != NULL;
}

static bool look_at_segment(const struct elf *elf, const unsigned char *phdr, void *data)
{
	struct image *out = data;

	switch (ELF_FIELD(elf, Phdr, phdr, p_type)) {
	case PT_INTERP:
		out->is_static = false;
		out->is_dynamic = true;
		out->musl = is_musl(elf, phdr);
		break;
	case PT_NOTE: read_notes(elf, phdr, out); break;
	case PT_DYNAMIC:
		if (out->is_static && elf_is_library(elf, phdr))
			out->is_static = false;
		break;
	default: break;
	}
	return true;
}

/* Whether the kernel would not say at once that it is in no known format. */
static bool runs(const struct elf *elf)
{
	uint64_t type = ELF_FIELD(elf, Ehdr, elf->head, e_type);
	uint64_t offset = ELF_FIELD(elf, Ehdr, elf->head, e_phoff);
	uint64_t count = ELF_FIELD(elf, Ehdr, elf->head, e_phnum);
	unsigned char last[sizeof(Elf64_Phdr)];

	return (type == ET_EXEC || type == ET_DYN) && count > 0 &&
	       ELF_FIELD(elf, Ehdr, elf->head, e_phentsize) == ELF_SIZE(elf, Phdr) &&
	       elf_read(elf, last, ELF_SIZE(elf, Phdr),
			offset + (count - 1) * ELF_SIZE(elf, Phdr));
}

void image_look(int fd, const void *head, size_t n, struct image *out)
{
	struct elf elf;

	memset(out, 0, sizeof *out);
	if (!elf_take(&elf, fd, head, n))
		return;
	out->class = elf.head[EI_CLASS];
	out->order = elf.head[EI_DATA];
	out->known = true;
	out->machine = (unsigned short)ELF_FIELD(&elf, Ehdr, elf.head, e_machine);
	out->runs = runs(&elf);
	out->is_static = true;
	elf_each_segment(&elf, look_at_segment, out);
}
