/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions that an object imports from libraries; see object.h. */
#include "object_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SYMBOLS = 1 << 22, /* that are looked at */
	IMPORTS = 1 << 17, /* that are kept */
	NEEDS = 4096,	   /* versions that are wanted of others */
};

/* The names of versions by their numbers. */
struct versions {
	const char **name;
	size_t n;
};

/*
 * How many dynamic symbols there are. No field says so: DT_HASH does, which not all have;
 * else the strings mostly come behind the symbols.
 */
static uint64_t count_symbols(struct elf_file *image, const struct dynamic *dynamic,
			      size_t entry)
{
	uint64_t size = 8, n = 0;
	const uint8_t *hash =
		dynamic->hash ? elf_file_memory(image, dynamic->hash, &size) : NULL;
	GElf_Shdr shdr;

	if (hash && size == 8)
		n = elf_file_number(image, hash + 4, 4);
	for (Elf_Scn *scn = NULL; !n && (scn = elf_nextscn(image->elf, scn));)
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_DYNSYM)
			n = shdr.sh_size / entry;
	if (!n && dynamic->strings > dynamic->symbols)
		n = (dynamic->strings - dynamic->symbols) / entry;
	return n > SYMBOLS ? SYMBOLS : n;
}

/* One library's versions, COUNT of them from AT on. */
static void read_needs_of(const uint8_t *bytes, uint64_t size, uint64_t at,
			  unsigned count, struct elf_file *image,
			  const struct dynamic *dynamic, struct versions *out)
{
	for (unsigned i = 0; i < count && i < NEEDS; i++) {
		uint64_t number, next;

		if (at > size || size - at < 16)
			return;
		number = elf_file_number(image, bytes + at + 6, 2) & 0x7fff;
		if (number < out->n)
			out->name[number] = dynamic_string(
				dynamic, elf_file_number(image, bytes + at + 8, 4));
		next = elf_file_number(image, bytes + at + 12, 4);
		if (!next)
			return;
		at += next;
	}
}

/* The versions that are wanted; they have the same form in both word sizes. */
static void read_needs(struct elf_file *image, const struct dynamic *dynamic,
		       struct versions *out)
{
	uint64_t size = 1 << 20, at = 0;
	const uint8_t *bytes =
		dynamic->needs ? elf_file_memory(image, dynamic->needs, &size) : NULL;
	/* A malicious file's lists can lead to the same place again and again. */
	unsigned left = NEEDS;

	for (uint64_t i = 0; bytes && i < dynamic->n_needs && left; i++, left--) {
		unsigned count;
		uint64_t next;

		if (at > size || size - at < 16)
			return;
		count = (unsigned)elf_file_number(image, bytes + at + 2, 2);
		if (count > left)
			count = left;
		left -= count ? count - 1 : 0;
		read_needs_of(bytes, size, at + elf_file_number(image, bytes + at + 8, 4),
			      count, image, dynamic, out);
		next = elf_file_number(image, bytes + at + 12, 4);
		if (!next)
			return;
		at += next;
	}
}

/* Keeps the newer of *BEST and the version that begins at AT: "2.34". */
static void keep_newest(unsigned best[2], const char *at, size_t left)
{
	unsigned major, minor = 0;
	char text[16] = "";

	memcpy(text, at, left < sizeof text ? left : sizeof text - 1);
	if (sscanf(text, "%3u.%3u", &major, &minor) < 1)
		return;
	if (major > best[0] || (major == best[0] && minor > best[1])) {
		best[0] = major;
		best[1] = minor;
	}
}

/*
 * The newest version of glibc among the strings: what libc has itself, and what others
 * want.
 */
static void find_glibc(struct object *object, const struct dynamic *dynamic)
{
	static const char word[] = "GLIBC_";
	const char *at = dynamic->text, *end;
	unsigned best[2] = { 0, 0 };
	char text[16];

	if (!at)
		return;
	end = at + dynamic->text_size;
	while ((at = memmem(at, (size_t)(end - at), word, sizeof word - 1)) != NULL) {
		at += sizeof word - 1;
		keep_newest(best, at, (size_t)(end - at));
	}
	if (!best[0])
		return;
	snprintf(text, sizeof text, "%u.%u", best[0], best[1]);
	object->glibc = strdup(text);
}

static bool add_import(struct object *object, size_t *room, const char *name,
		       const char *version)
{
	struct import *import;

	if (object->n_imports == *room) {
		size_t more = *room ? 2 * *room : 64;
		struct import *list = realloc(object->imports, more * sizeof *list);

		if (!list)
			return false;
		object->imports = list;
		*room = more;
	}
	import = &object->imports[object->n_imports];
	import->name = strdup(name);
	import->version = version ? strdup(version) : NULL;
	if (!import->name)
		return false;
	object->n_imports++;
	return true;
}

/* The name of the version of the symbol I. */
static const char *version_of(const struct elf_file *image, const uint8_t *numbers,
			      uint64_t size, uint64_t i, const struct versions *versions)
{
	uint64_t number;

	if (!numbers || 2 * i + 2 > size)
		return NULL;
	number = elf_file_number(image, numbers + 2 * i, 2) & 0x7fff;
	return number < versions->n ? versions->name[number] : NULL;
}

static bool is_import(const GElf_Sym *symbol)
{
	const unsigned type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx == SHN_UNDEF && symbol->st_name &&
	       (type == STT_FUNC || type == STT_NOTYPE || type == STT_GNU_IFUNC);
}

/* Where the dynamic linker puts the address of the symbol I: on x86-64 alone. */
static void find_slots(struct elf_file *image, struct dynamic *dynamic, uint64_t i)
{
	const size_t entry = gelf_fsize(image->elf, ELF_T_RELA, 1, EV_CURRENT);
	struct deep *deep = &dynamic->deep;

	for (int table = 0; table < 2; table++) {
		uint64_t size = dynamic->relocations_size[table], offset, left;
		Elf_Data *data;
		GElf_Rela rela;

		if (!elf_file_offset(image, dynamic->relocations[table], &offset, &left))
			continue;
		size = size < left ? size : left;
		data = elf_file_data(image, offset, size - size % entry, ELF_T_RELA);
		for (int r = 0; data && gelf_getrela(data, r, &rela); r++)
			if (GELF_R_SYM(rela.r_info) == i && deep->n_slots < 2)
				deep->slot[deep->n_slots++] = rela.r_offset;
	}
}

static bool read_symbols(struct object *object, struct elf_file *image,
			 struct dynamic *dynamic, const struct versions *versions)
{
	const size_t entry = gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT);
	uint64_t n = count_symbols(image, dynamic, entry), offset, left, size = 2 * n;
	const uint8_t *numbers;
	size_t room = 0;
	Elf_Data *data;
	GElf_Sym symbol;

	if (!n || !elf_file_offset(image, dynamic->symbols, &offset, &left))
		return true;
	if (n * entry > left)
		n = left / entry;
	data = elf_file_data(image, offset, n * entry, ELF_T_SYM);
	if (!data)
		return n == 0;
	numbers = dynamic->versions ? elf_file_memory(image, dynamic->versions, &size) :
				      NULL;
	for (uint64_t i = 0; i < n; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || !is_import(&symbol))
			continue;
		name = dynamic_string(dynamic, symbol.st_name);
		if (name && !strcmp(name, "dlopen") && object->machine == EM_X86_64 &&
		    !dynamic->deep.n_slots)
			find_slots(image, dynamic, i);
		if (name && *name && object->n_imports < IMPORTS &&
		    !add_import(object, &room, name,
				version_of(image, numbers, size, i, versions)))
			return false;
	}
	return true;
}

bool object_read_imports(struct object *object, struct elf_file *image,
			 struct dynamic *dynamic)
{
	struct versions versions = { .n = NEEDS };
	bool read;

	if (!dynamic->text || !dynamic->symbols)
		return true;
	versions.name = calloc(versions.n, sizeof *versions.name);
	if (!versions.name)
		return false;
	read_needs(image, dynamic, &versions);
	find_glibc(object, dynamic);
	read = read_symbols(object, image, dynamic, &versions);
	free(versions.name);
	return read;
}
