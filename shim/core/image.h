/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an ELF file says of itself: whether a preloaded library can get into it, and sees
 * what it does. Read from the file, by no more than its first bytes as a rule.
 */
#ifndef PRIVTMP_IMAGE_H
#define PRIVTMP_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_HEAD = 1024 }; /* bytes that have what is asked for, in nearly every file */

/* An open ELF file; numbers are read in its own byte order. */
struct elf {
	int fd;
	const unsigned char *head; /* its first bytes: N of them */
	size_t n;
	bool wide; /* 64 bits */
	bool swapped;
};

/*
 * Begins to read the file FD, whose first N bytes are at HEAD. False: it is no such file.
 * (libelf, which privtmp check uses as well, has an elf_begin.)
 */
bool elf_take(struct elf *elf, int fd, const void *head, size_t n);

/* Reads SIZE bytes at AT in the file; false: there are not so many. */
bool elf_read(const struct elf *elf, void *to, size_t size, uint64_t at);

/* The number that the SIZE bytes at AT, 8 at most, are in the order of the file. */
uint64_t elf_number(const struct elf *elf, const void *at, size_t size);

/* A field of a 32-bit or 64-bit structure at AT, and the size of such a one. */
#define ELF_FIELD(elf, type, at, name) \
	((elf)->wide ? elf_number(elf, (at) + offsetof(Elf64_##type, name), \
				  sizeof((Elf64_##type *)0)->name) : \
		       elf_number(elf, (at) + offsetof(Elf32_##type, name), \
				  sizeof((Elf32_##type *)0)->name))
#define ELF_SIZE(elf, type) ((elf)->wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* Calls USE for each program header, until it returns false. False: one was not there. */
typedef bool elf_segment(const struct elf *elf, const unsigned char *phdr, void *data);
bool elf_each_segment(const struct elf *elf, elf_segment *use, void *data);

/*
 * Whether the dynamic section PHDR names the file as a library. Among files without an
 * interpreter that tells the dynamic linker itself, which heeds LD_PRELOAD for the program
 * it is given, from a static program.
 */
bool elf_is_library(const struct elf *elf, const unsigned char *phdr);

/* A note whose name has up to 8 bytes, padded. */
struct image_note {
	uint32_t name_size, size, type;
	char name[8];
};

/* What our own tools have in a section .note.privtmp: they see what is really there. */
#define IMAGE_TOOL_NAME "privtmp"
#define IMAGE_TOOL_NOTE \
	{ \
		sizeof IMAGE_TOOL_NAME, 0, 1, IMAGE_TOOL_NAME \
	}

/* What decides of a file that is to be executed. */
struct image {
	bool known;	     /* an ELF file that could be read */
	bool runs;	     /* it has what the kernel wants to see before it runs one */
	bool tool;	     /* one of our own, by IMAGE_TOOL_NOTE */
	bool go;	     /* made by Go's linker: it calls the kernel itself */
	bool is_dynamic;     /* a dynamic linker is asked for */
	bool musl;	     /* its dynamic linker is musl's */
	bool is_static;	     /* no dynamic linker is asked for, and it is none itself */
	unsigned char class; /* ELFCLASS32 or ELFCLASS64 */
	unsigned char order; /* ELFDATA2LSB or ELFDATA2MSB */
	unsigned short machine; /* EM_* */
};

/* Looks at the file FD, whose first N bytes are at HEAD. */
void image_look(int fd, const void *head, size_t n, struct image *out);

#endif
