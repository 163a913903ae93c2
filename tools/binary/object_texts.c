/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths in shared directories that are written in a program. See object.h. */
#include "object_parts.h"
#include "built_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	BUILT_INS = 64, /* that are kept */
	LONGEST = 256,
};

static bool is_known(const struct object *object, const char *path)
{
	for (size_t i = 0; i < object->n_built_ins; i++)
		if (!strcmp(object->built_ins[i].path, path))
			return true;
	return false;
}

static void keep(struct object *object, const char *path, uint64_t address)
{
	struct built_in *list;

	if (is_known(object, path))
		return;
	if (object->n_built_ins == BUILT_INS) {
		object->more_built_ins = true;
		return;
	}
	list = realloc(object->built_ins, (object->n_built_ins + 1) * sizeof *list);
	if (!list)
		return;
	object->built_ins = list;
	list[object->n_built_ins].address = address;
	list[object->n_built_ins].path = strdup(path);
	if (list[object->n_built_ins].path)
		object->n_built_ins++;
}

static void read_piece(struct object *object, const uint8_t *bytes, size_t size,
		       uint64_t address)
{
	const char *text = (const char *)bytes, *at = text, *end = text + size;
	struct built_in_found found;

	while ((at = built_in_next(text, at, end, &found))) {
		char path[LONGEST];

		if (found.length < sizeof path && !built_in_is_harmless(&found)) {
			memcpy(path, found.path, found.length);
			path[found.length] = '\0';
			keep(object, path, address + (uint64_t)(found.path - text));
		}
	}
}

void object_read_texts(struct object *object, struct elf_file *image)
{
	struct piece piece;

	for (size_t next = 0; object_piece(image, false, &next, &piece);) {
		uint64_t size = piece.size;
		const uint8_t *bytes = elf_file_bytes(image, piece.offset, &size);

		if (bytes)
			read_piece(object, bytes, size, piece.address);
	}
}
