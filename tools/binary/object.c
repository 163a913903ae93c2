/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what the dynamic linker would; see object.h. */
#include "object.h"
#include "object_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An <elf.h> and a libelf can be older than the files that are read. */
#ifndef DF_1_PIE
#define DF_1_PIE 0x08000000
#endif
#ifndef EM_RISCV
#define EM_RISCV 243
#endif
#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif
#if !HAVE_DECL_ELF_T_NHDR8
#define ELF_T_NHDR8 ELF_T_NHDR
#endif

enum {
	TAGS = 4096,	 /* entries of a dynamic section */
	LIBRARIES = 512, /* that one object may name */
	NAME = 4096,	 /* bytes of a name or a list of directories */
	NOTES = 65536,	 /* bytes of notes that are looked at */
};

const char object_neither[] = "neither a program nor a library";

static const uint64_t strings_limit = 256 << 20;

const char *dynamic_string(const struct dynamic *dynamic, uint64_t offset)
{
	const char *at;
	uint64_t left;

	if (!dynamic->text || offset >= dynamic->text_size)
		return NULL;
	at = dynamic->text + offset;
	left = dynamic->text_size - offset;
	return memchr(at, '\0', left < NAME ? left : NAME) ? at : NULL;
}

/* A copy of such a string that is short enough for a name; NULL: none. */
static char *copy_string(const struct dynamic *dynamic, uint64_t offset)
{
	const char *at = dynamic_string(dynamic, offset);

	return at && *at ? strdup(at) : NULL;
}

/* Where things are. */
static void note_place(const GElf_Dyn *entry, struct dynamic *out)
{
	switch (entry->d_tag) {
	case DT_STRTAB: out->strings = entry->d_un.d_ptr; break;
	case DT_STRSZ: out->strings_size = entry->d_un.d_val; break;
	case DT_SYMTAB: out->symbols = entry->d_un.d_ptr; break;
	case DT_HASH: out->hash = entry->d_un.d_ptr; break;
	case DT_VERSYM: out->versions = entry->d_un.d_ptr; break;
	case DT_VERNEED: out->needs = entry->d_un.d_ptr; break;
	case DT_VERNEEDNUM: out->n_needs = entry->d_un.d_val; break;
	case DT_JMPREL: out->relocations[0] = entry->d_un.d_ptr; break;
	case DT_PLTRELSZ: out->relocations_size[0] = entry->d_un.d_val; break;
	case DT_RELA: out->relocations[1] = entry->d_un.d_ptr; break;
	case DT_RELASZ: out->relocations_size[1] = entry->d_un.d_val; break;
	default: break;
	}
}

static void set_text(char **text, const struct dynamic *dynamic, uint64_t offset)
{
	if (!*text)
		*text = copy_string(dynamic, offset);
}

/* Whether a file that asks for no dynamic linker is a program all the same: static-pie. */
static bool is_static_pie(const struct object *object, const struct elf_file *image,
			  uint64_t flags)
{
	return (flags & DF_1_PIE) ||
	       (image->header.e_entry && !object->soname && !object->needed.n);
}

/* Fills in what the dynamic section says, in one pass for places and one for names. */
static bool read_dynamic(struct object *object, struct elf_file *image,
			 const GElf_Phdr *segment, struct dynamic *out)
{
	const size_t entry = gelf_fsize(image->elf, ELF_T_DYN, 1, EV_CURRENT);
	uint64_t flags = 0, size = segment->p_filesz;
	Elf_Data *data;
	GElf_Dyn dyn;
	int n;

	if (size > TAGS * entry)
		size = TAGS * entry;
	data = elf_file_data(image, segment->p_offset, size - size % entry, ELF_T_DYN);
	if (!data)
		return false;
	for (n = 0; n < TAGS && gelf_getdyn(data, n, &dyn) && dyn.d_tag != DT_NULL; n++)
		note_place(&dyn, out);
	if (out->strings_size > strings_limit)
		return false;
	out->text_size = out->strings_size;
	if (out->text_size)
		out->text = (const char *)elf_file_memory(image, out->strings,
							  &out->text_size);
	for (int i = 0; i < n && gelf_getdyn(data, i, &dyn); i++) {
		const char *name;

		switch (dyn.d_tag) {
		case DT_NEEDED:
			name = dynamic_string(out, dyn.d_un.d_val);
			if (name && *name && object->needed.n < LIBRARIES)
				texts_add(&object->needed, "%s", name);
			break;
		case DT_SONAME: set_text(&object->soname, out, dyn.d_un.d_val); break;
		case DT_RPATH: set_text(&object->rpath, out, dyn.d_un.d_val); break;
		case DT_RUNPATH: set_text(&object->runpath, out, dyn.d_un.d_val); break;
		case DT_FLAGS_1: flags = dyn.d_un.d_val; break;
		default: break;
		}
	}
	if (object->kind == OBJECT_LIBRARY && !object->interpreter &&
	    is_static_pie(object, image, flags))
		object->kind = OBJECT_PROGRAM;
	return true;
}

/* -- Notes and the interpreter -- */

static char *hexadecimal(const uint8_t *bytes, size_t n)
{
	char *out = malloc(2 * n + 1);

	for (size_t i = 0; out && i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return out;
}

static void read_note(struct object *object, const char *owner, size_t owner_size,
		      uint32_t type, const uint8_t *text, size_t size)
{
	if (owner_size == 4 && !memcmp(owner, "Go\0\0", 4))
		object->go = true;
	else if (owner_size == 4 && !memcmp(owner, "GNU", 4) && type == NT_GNU_BUILD_ID &&
		 size && size <= 64 && !object->build_id)
		object->build_id = hexadecimal(text, size);
}

static void read_notes(struct object *object, struct elf_file *image,
		       const GElf_Phdr *segment)
{
	uint64_t size = segment->p_filesz > NOTES ? NOTES : segment->p_filesz;
	Elf_Data *data = elf_file_data(image, segment->p_offset, size,
				       segment->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
	size_t at = 0, owner, text;
	GElf_Nhdr note;

	while (data && (at = gelf_getnote(data, at, &note, &owner, &text)) > 0)
		read_note(object, (const char *)data->d_buf + owner, note.n_namesz,
			  note.n_type, (const uint8_t *)data->d_buf + text,
			  note.n_descsz);
}

/* Go's linker leaves this out of no program, whatever else is stripped. */
static void look_for_go(struct object *object, struct elf_file *image)
{
	static const char magic[] = "\xff Go buildinf:";

	for (size_t i = 0; i < image->n_segments && !object->go; i++) {
		const GElf_Phdr *s = &image->segment[i];
		uint64_t size = s->p_filesz > NOTES ? NOTES : s->p_filesz;
		const uint8_t *bytes;

		if (s->p_type != PT_LOAD || !(s->p_flags & PF_W))
			continue;
		bytes = elf_file_bytes(image, s->p_offset, &size);
		if (bytes && memmem(bytes, size, magic, sizeof magic - 1))
			object->go = true;
	}
}

static void read_segments(struct object *object, struct elf_file *image)
{
	for (size_t i = 0; i < image->n_segments; i++) {
		const GElf_Phdr *s = &image->segment[i];
		uint64_t size = s->p_filesz;
		const uint8_t *name;

		if (s->p_type == PT_NOTE)
			read_notes(object, image, s);
		if (s->p_type != PT_INTERP || object->interpreter || size >= NAME)
			continue;
		name = elf_file_bytes(image, s->p_offset, &size);
		if (name && memchr(name, '\0', size))
			object->interpreter = strdup((const char *)name);
		object->dynamic = true;
	}
	look_for_go(object, image);
}

/* -- All of it -- */

static bool set_kind(struct object *object, const struct elf_file *image,
		     const char **wrong)
{
	object->class = image->header.e_ident[EI_CLASS];
	object->order = image->header.e_ident[EI_DATA];
	object->machine = image->header.e_machine;
	switch (image->header.e_type) {
	case ET_EXEC: object->kind = OBJECT_PROGRAM; return true;
	case ET_DYN:
		object->kind = elf_file_segment(image, PT_INTERP) ? OBJECT_PROGRAM :
								    OBJECT_LIBRARY;
		return true;
	default:
		*wrong = object_neither;
		object->kind = OBJECT_OTHER;
		return false;
	}
}

/* Whether its code was taken out, and debug information left, as by objcopy(1). */
static bool lacks_code(const struct elf_file *image)
{
	bool lacks = false;

	for (size_t i = 0; i < image->n_segments; i++) {
		const GElf_Phdr *s = &image->segment[i];

		if (s->p_type != PT_LOAD || !(s->p_flags & PF_X))
			continue;
		if (s->p_filesz)
			return false;
		lacks = true;
	}
	return lacks;
}

static bool read_parts(struct object *object, struct elf_file *image, unsigned what,
		       const char **wrong)
{
	struct dynamic dynamic = { .text = NULL };
	const GElf_Phdr *segment;

	if (!set_kind(object, image, wrong))
		return false;
	if (!image->n_segments) {
		*wrong = "it has no program headers";
		return false;
	}
	if (lacks_code(image)) {
		*wrong = object_neither;
		return false;
	}
	object_find_sections(image);
	read_segments(object, image);
	segment = elf_file_segment(image, PT_DYNAMIC);
	if (segment && !read_dynamic(object, image, segment, &dynamic)) {
		*wrong = "its dynamic section is damaged";
		return false;
	}
	if (!segment && object->kind == OBJECT_LIBRARY)
		object->kind = OBJECT_PROGRAM; /* nothing could load it */
	/* What the dynamic linker itself is looks like a static program. */
	if (object->kind == OBJECT_LIBRARY)
		object->dynamic = true;
	if (!object_read_imports(object, image, &dynamic)) {
		*wrong = "its symbols are damaged";
		return false;
	}
	if (what & OBJECT_CODE)
		object_read_code(object, image, &dynamic);
	if (what & OBJECT_TEXTS)
		object_read_texts(object, image);
	return true;
}

/* Opens the image of FD's file in *OBJECT. */
static bool read_file(struct object *object, int fd, unsigned what, const char **wrong)
{
	static struct elf_file image; /* large */
	struct stat st;
	bool read;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		*wrong = "not a file";
		return false;
	}
	object->device = st.st_dev;
	object->inode = st.st_ino;
	if (!elf_file_open(&image, fd, (uint64_t)st.st_size, wrong))
		return false;
	read = read_parts(object, &image, what, wrong);
	elf_file_close(&image);
	return read;
}

struct object *object_read(int fd, const char *path, unsigned what, const char **wrong)
{
	struct object *object = calloc(1, sizeof *object);

	*wrong = NULL;
	if (object && (object->path = strdup(path)) &&
	    read_file(object, fd, what, wrong)) {
		close(fd);
		return object;
	}
	close(fd);
	object_free(object);
	return NULL;
}

void object_free(struct object *object)
{
	if (!object)
		return;
	for (size_t i = 0; i < object->n_imports; i++) {
		free(object->imports[i].name);
		free(object->imports[i].version);
	}
	for (size_t i = 0; i < object->n_built_ins; i++)
		free(object->built_ins[i].path);
	texts_free(&object->needed);
	free(object->imports);
	free(object->built_ins);
	free(object->path);
	free(object->interpreter);
	free(object->soname);
	free(object->rpath);
	free(object->runpath);
	free(object->build_id);
	free(object->glibc);
	free(object);
}

bool object_alike(const struct object *a, const struct object *b)
{
	return a->class == b->class && a->machine == b->machine && a->order == b->order;
}

const char *object_machine(const struct object *object)
{
	static char number[32];

	switch (object->machine) {
	case EM_X86_64: return object->class == ELFCLASS32 ? "x32" : "x86-64";
	case EM_386: return "i386";
	case EM_AARCH64: return "arm64";
	case EM_ARM: return "arm";
	case EM_RISCV: return "riscv";
	case EM_PPC64: return "ppc64";
	case EM_PPC: return "ppc";
	case EM_S390: return "s390";
	case EM_MIPS: return "mips";
	case EM_LOONGARCH: return "loongarch";
	default: snprintf(number, sizeof number, "machine %u", object->machine);
	}
	return number;
}

bool object_imports(const struct object *object, const char *name)
{
	for (size_t i = 0; i < object->n_imports; i++)
		if (!strcmp(object->imports[i].name, name))
			return true;
	return false;
}
