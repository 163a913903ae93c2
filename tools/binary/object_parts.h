/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts in which an object is read; for object*.c alone. */
#ifndef PRIVTMP_BINARY_OBJECT_PARTS_H
#define PRIVTMP_BINARY_OBJECT_PARTS_H

#include "deep.h"
#include "elf_file.h"
#include "object.h"

/* What the dynamic section says, as addresses and sizes; 0: nothing. */
struct dynamic {
	uint64_t strings, strings_size, symbols, hash;
	uint64_t versions, needs, n_needs; /* of symbols: DT_VERSYM, DT_VERNEED */
	uint64_t relocations[2], relocations_size[2]; /* of calls, and the others */
	struct deep deep;			      /* where dlopen is called by */
	const char *text; /* the strings, once they have been read */
	uint64_t text_size;
};

/*
 * The string at OFFSET of the dynamic section's strings; NULL: there is none, or it is
 * too long for a name.
 */
const char *dynamic_string(const struct dynamic *dynamic, uint64_t offset);

/* Fills in what the object takes from libraries. False: no memory. */
bool object_read_imports(struct object *object, struct elf_file *image,
			 struct dynamic *dynamic);

/* Fills in .calls and .deepbind. */
void object_read_code(struct object *object, struct elf_file *image,
		      struct dynamic *dynamic);

/* Fills in .built_ins. */
void object_read_texts(struct object *object, struct elf_file *image);

/* Finds out whether there are sections that can be executed: else the segments tell. */
void object_find_sections(struct elf_file *image);

/* A piece of the file that is loaded: where in memory and in the file, and its bytes. */
struct piece {
	uint64_t address, offset, size;
};

/*
 * Writes to OUT the next piece that can be executed, or cannot, as EXECUTABLE says: by
 * sections, or by segments. *NEXT is 0 at first, and counts. False behind the last.
 */
bool object_piece(struct elf_file *image, bool executable, size_t *next,
		  struct piece *out);

#endif
