/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of an ELF file by their addresses in memory. */
#ifndef PRIVTMP_BINARY_ELF_FILE_H
#define PRIVTMP_BINARY_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_FILE_SEGMENTS = 512 };

struct elf_file {
	Elf *elf;
	GElf_Ehdr header;
	GElf_Phdr segment[ELF_FILE_SEGMENTS];
	size_t n_segments;
	size_t n_sections; /* 0: they say nothing of what is executed */
	uint64_t file_size;
	uint64_t budget; /* bytes that may still be read: a malicious file can name the same ones often */
};

/*
 * Reads the headers of the ELF file that is open as FD, which stays the caller's and open
 * until elf_file_close. False: *WRONG says what is wrong with it, and nothing is left open.
 */
bool elf_file_open(struct elf_file *image, int fd, uint64_t file_size,
		   const char **wrong);
void elf_file_close(struct elf_file *image);

/* The first segment of TYPE, or NULL. */
const GElf_Phdr *elf_file_segment(const struct elf_file *image, uint32_t type);

/*
 * SIZE bytes of the file from OFFSET on, or from where ADDRESS is; SIZE becomes what the
 * file has of them. They are there until elf_file_close. NULL: there are none.
 */
const uint8_t *elf_file_bytes(struct elf_file *image, uint64_t offset, uint64_t *size);
const uint8_t *elf_file_memory(struct elf_file *image, uint64_t address, uint64_t *size);

/* The same, as structures of TYPE that gelf can take apart. */
Elf_Data *elf_file_data(struct elf_file *image, uint64_t offset, uint64_t size,
			Elf_Type type);

/*
 * Where ADDRESS is in the file, and how many bytes of its segment are left from there on.
 * False: nowhere.
 */
bool elf_file_offset(const struct elf_file *image, uint64_t address, uint64_t *offset,
		     uint64_t *left);

/* A number of SIZE bytes in the file's own order. */
uint64_t elf_file_number(const struct elf_file *image, const uint8_t *at, size_t size);

#endif
