/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An object's code: where it is, and the functions in it. See object.h. */
#include "object_parts.h"

#include <stdlib.h>
#include <string.h>

enum { SECTIONS = 1 << 16, FUNCTIONS = 1 << 22 };

static bool piece_of_section(struct elf_file *image, bool executable, size_t i,
			     struct piece *out)
{
	Elf_Scn *scn = elf_getscn(image->elf, i);
	GElf_Shdr shdr;

	if (!scn || !gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
	    shdr.sh_type != SHT_PROGBITS || !shdr.sh_size ||
	    !!(shdr.sh_flags & SHF_EXECINSTR) != executable)
		return false;
	*out = (struct piece){ shdr.sh_addr, shdr.sh_offset, shdr.sh_size };
	return true;
}

/* Without sections, an executable segment may have texts in it, too. */
static bool piece_of_segment(const struct elf_file *image, bool executable, size_t i,
			     struct piece *out)
{
	const GElf_Phdr *s = &image->segment[i];

	if (s->p_type != PT_LOAD || !s->p_filesz || (executable && !(s->p_flags & PF_X)))
		return false;
	*out = (struct piece){ s->p_vaddr, s->p_offset, s->p_filesz };
	return true;
}

void object_find_sections(struct elf_file *image)
{
	struct piece ignored;
	size_t n;

	if (elf_getshdrnum(image->elf, &n) != 0 || n > SECTIONS)
		return;
	for (size_t i = 1; i < n && !image->n_sections; i++)
		if (piece_of_section(image, true, i, &ignored))
			image->n_sections = n;
}

bool object_piece(struct elf_file *image, bool executable, size_t *next,
		  struct piece *out)
{
	if (image->n_sections) {
		while (++*next < image->n_sections)
			if (piece_of_section(image, executable, *next, out))
				return true;
		return false;
	}
	while (*next < image->n_segments)
		if (piece_of_segment(image, executable, (*next)++, out))
			return true;
	return false;
}

/* -- Functions -- */

struct functions_found {
	struct code_function *list;
	size_t n, room;
};

static void add_function(struct functions_found *f, uint64_t begin, uint64_t size)
{
	if (f->n == f->room) {
		size_t more = f->room ? 2 * f->room : 256;
		struct code_function *list =
			more > FUNCTIONS ? NULL : realloc(f->list, more * sizeof *list);

		if (!list)
			return;
		f->list = list;
		f->room = more;
	}
	f->list[f->n++] = (struct code_function){ begin, size > UINT64_MAX - begin ?
								 UINT64_MAX :
								 begin + size };
}

/* The frames that exceptions are unwound by. */
struct frames {
	const uint8_t *bytes;
	uint64_t address, size;
};

/* The length of the function at BEGIN, of the frame at ADDRESS; 0: it cannot be told. */
static uint64_t frame_length(struct elf_file *image, const struct frames *frames,
			     uint64_t address, uint64_t begin)
{
	const uint64_t at = address - frames->address;
	int32_t offset;

	if (!frames->bytes || at > frames->size || frames->size - at < 16)
		return 0;
	/* The form that nearly all have: 4 bytes, from where they stand. */
	offset = (int32_t)elf_file_number(image, frames->bytes + at + 8, 4);
	if (address + 8 + (uint64_t)(int64_t)offset != begin)
		return 0;
	return elf_file_number(image, frames->bytes + at + 12, 4);
}

/*
 * The table by which exceptions find a function's frame, in the one form that linkers
 * write: a count, then pairs of offsets from its own address, of function and frame.
 */
static void add_frames(struct functions_found *f, struct elf_file *image)
{
	static const uint8_t form[4] = { 1, 0x1b, 0x03, 0x3b };
	const GElf_Phdr *segment = elf_file_segment(image, PT_GNU_EH_FRAME);
	uint64_t size = segment ? segment->p_filesz : 0, n;
	const uint8_t *bytes = segment ? elf_file_bytes(image, segment->p_offset, &size) :
					 NULL;
	struct frames frames = { .size = UINT32_MAX };

	if (!bytes || size < 12 || memcmp(bytes, form, sizeof form) != 0)
		return;
	frames.address = segment->p_vaddr + 4 +
			 (uint64_t)(int64_t)(int32_t)elf_file_number(image, bytes + 4, 4);
	frames.bytes = elf_file_memory(image, frames.address, &frames.size);
	n = elf_file_number(image, bytes + 8, 4);
	if (n > (size - 12) / 8)
		n = (size - 12) / 8;
	for (uint64_t i = 0; i < n; i++) {
		const uint8_t *at = bytes + 12 + 8 * i;
		const int32_t function = (int32_t)elf_file_number(image, at, 4);
		const int32_t frame = (int32_t)elf_file_number(image, at + 4, 4);
		const uint64_t begin = segment->p_vaddr + (uint64_t)(int64_t)function;

		add_function(f, begin,
			     frame_length(image, &frames,
					  segment->p_vaddr + (uint64_t)(int64_t)frame,
					  begin));
	}
}

/* Functions by their symbols, of those that have no frames. */
static void add_symbols(struct functions_found *f, struct elf_file *image)
{
	GElf_Shdr shdr;
	GElf_Sym symbol;

	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(image->elf, scn));) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) ||
		    (shdr.sh_type != SHT_SYMTAB && shdr.sh_type != SHT_DYNSYM))
			continue;
		data = elf_file_data(image, shdr.sh_offset, shdr.sh_size, ELF_T_SYM);
		for (int i = 0; data && i < FUNCTIONS && gelf_getsym(data, i, &symbol);
		     i++)
			if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_value)
				add_function(f, symbol.st_value, symbol.st_size);
	}
}

static int by_begin(const void *a, const void *b)
{
	const struct code_function *x = a, *y = b;

	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* How much of the code is in a function that is known. */
static bool is_sparse(const struct functions_found *f, struct elf_file *image)
{
	uint64_t all = 0, known = 0;
	struct piece piece;

	for (size_t next = 0; object_piece(image, true, &next, &piece);)
		all += piece.size;
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].end - f->list[i].begin < all)
			known += f->list[i].end - f->list[i].begin;
	return known < all / 2;
}

static void find_functions(struct functions_found *f, struct elf_file *image,
			   bool *sparse)
{
	struct piece piece;

	add_frames(f, image);
	if (!f->n)
		add_symbols(f, image);
	*sparse = is_sparse(f, image);
	if (*sparse)
		for (size_t next = 0; object_piece(image, true, &next, &piece);)
			add_function(f, piece.address, 0);
	if (f->n)
		qsort(f->list, f->n, sizeof *f->list, by_begin);
}

/* -- Calls in it -- */

static bool machine_of(const struct object *object, enum code_machine *out)
{
	switch (object->machine) {
	case EM_X86_64: *out = CODE_X86_64; return object->order == ELFDATA2LSB;
	case EM_386: *out = CODE_I386; return object->order == ELFDATA2LSB;
	case EM_AARCH64: *out = CODE_ARM64; return true; /* code is little-endian */
	default: return false;
	}
}

/* Calls USE with each piece of code. False: one is not there. */
typedef void use_code(struct code *code, struct object *object, struct dynamic *dynamic);

static bool each_piece(struct object *object, struct elf_file *image,
		       struct dynamic *dynamic, struct code *code, use_code *use)
{
	struct piece piece;

	for (size_t next = 0; object_piece(image, true, &next, &piece);) {
		uint64_t size = piece.size;

		code->bytes = elf_file_bytes(image, piece.offset, &size);
		if (!code->bytes)
			return false;
		code->size = size;
		code->address = piece.address;
		use(code, object, dynamic);
	}
	return true;
}

static void find_calls(struct code *code, struct object *object, struct dynamic *dynamic)
{
	code_scan(code, &object->calls);
	if (dynamic->deep.n_slots)
		deep_find_stubs(code, &dynamic->deep);
}

static void find_deep(struct code *code, struct object *object, struct dynamic *dynamic)
{
	object->deepbind |= deep_calls(code, &dynamic->deep);
}

void object_read_code(struct object *object, struct elf_file *image,
		      struct dynamic *dynamic)
{
	struct functions_found functions = { .n = 0 };
	struct code code;

	if (!machine_of(object, &code.machine))
		return;
	find_functions(&functions, image, &code.sparse);
	code.functions = functions.list;
	code.n_functions = functions.n;
	object->code_read = each_piece(object, image, dynamic, &code, find_calls);
	if (object->code_read && dynamic->deep.n_slots)
		each_piece(object, image, dynamic, &code, find_deep);
	free(functions.list);
}
