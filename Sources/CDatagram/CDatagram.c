#define _GNU_SOURCE
#include "CDatagram.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* linux/sock_diag.h: the index of the drop counter in SO_MEMINFO. */
enum { MEMINFO_DROPS = 8, MEMINFO_VALUES = 9 };
/* A UDP payload is at most 65,535 bytes. */
enum { SLOT_BYTES = 65536, CONTROL_BYTES = CMSG_SPACE(sizeof(uint32_t)) };

struct slot {
    struct sockaddr_storage from;
    struct iovec vector;
    _Alignas(struct cmsghdr) unsigned char control[CONTROL_BYTES];
};

struct wplog_datagram_ring {
    int count;
    uint32_t drops;
    uint8_t *bytes; /* count slots, mapped, so that untouched pages are never there */
    struct mmsghdr *messages;
    struct slot *slots;
};

static int bind_socket(const struct addrinfo *info, int receive_buffer, struct wplog_datagram_socket *out) {
    const int on = 1, off = 0;
    int fd = socket(info->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    if (info->ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    /* Above net.core.rmem_max only with CAP_NET_ADMIN; else as much as that allows. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0) {
        int error = errno;
        close(fd);
        return error;
    }
    struct sockaddr_storage local = {0};
    socklen_t length = sizeof local;
    getsockname(fd, (struct sockaddr *)&local, &length);
    out->port = ntohs(local.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&local)->sin6_port
                                                  : ((struct sockaddr_in *)&local)->sin_port);
    length = sizeof out->receive_buffer;
    getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &out->receive_buffer, &length);
    out->descriptor = fd;
    return 0;
}

int wplog_datagram_open(const char *address, uint16_t port, int receive_buffer,
                        struct wplog_datagram_socket *out) {
    char service[8];
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_DGRAM};
    struct addrinfo *info = NULL;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (getaddrinfo(address, service, &hints, &info) != 0 || info == NULL) return -1;
    int error = bind_socket(info, receive_buffer, out);
    freeaddrinfo(info);
    if (error != 0) return error;
    out->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (out->wake < 0) {
        error = errno;
        close(out->descriptor);
    }
    return error;
}

void wplog_datagram_close(struct wplog_datagram_socket socket) {
    close(socket.descriptor);
    close(socket.wake);
}

void wplog_datagram_wait(struct wplog_datagram_socket socket, int milliseconds) {
    struct pollfd fds[2] = {{.fd = socket.descriptor, .events = POLLIN},
                            {.fd = socket.wake, .events = POLLIN}};
    poll(fds, 2, milliseconds);
}

void wplog_datagram_wake(struct wplog_datagram_socket socket) {
    uint64_t one = 1;
    /* Fails only where the event is set already. */
    ssize_t ignored = write(socket.wake, &one, sizeof one);
    (void)ignored;
}

struct wplog_datagram_ring *wplog_datagram_ring_create(int count) {
    struct wplog_datagram_ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL) return NULL;
    ring->count = count;
    ring->messages = calloc((size_t)count, sizeof *ring->messages);
    ring->slots = calloc((size_t)count, sizeof *ring->slots);
    ring->bytes = mmap(NULL, (size_t)count * SLOT_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ring->bytes == MAP_FAILED) ring->bytes = NULL;
    if (ring->messages == NULL || ring->slots == NULL || ring->bytes == NULL) {
        wplog_datagram_ring_destroy(ring);
        return NULL;
    }
    for (int i = 0; i < count; i++) {
        struct slot *slot = &ring->slots[i];
        slot->vector.iov_base = ring->bytes + (size_t)i * SLOT_BYTES;
        slot->vector.iov_len = SLOT_BYTES;
        ring->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &slot->from, .msg_iov = &slot->vector, .msg_iovlen = 1, .msg_control = slot->control};
    }
    return ring;
}

void wplog_datagram_ring_destroy(struct wplog_datagram_ring *ring) {
    if (ring == NULL) return;
    if (ring->bytes != NULL) munmap(ring->bytes, (size_t)ring->count * SLOT_BYTES);
    free(ring->messages);
    free(ring->slots);
    free(ring);
}

int wplog_datagram_receive(struct wplog_datagram_ring *ring, struct wplog_datagram_socket socket) {
    /* The kernel writes the lengths back: set them again before each call. */
    for (int i = 0; i < ring->count; i++) {
        ring->messages[i].msg_hdr.msg_namelen = sizeof ring->slots[i].from;
        ring->messages[i].msg_hdr.msg_controllen = CONTROL_BYTES;
    }
    int count = recvmmsg(socket.descriptor, ring->messages, (unsigned)ring->count, MSG_DONTWAIT, NULL);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;
    if (count == 0) return 0;
    struct msghdr *last = &ring->messages[count - 1].msg_hdr;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(last); part != NULL; part = CMSG_NXTHDR(last, part))
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_RXQ_OVFL)
            memcpy(&ring->drops, CMSG_DATA(part), sizeof ring->drops);
    return count;
}

struct wplog_datagram wplog_datagram_at(const struct wplog_datagram_ring *ring, int index) {
    const struct slot *slot = &ring->slots[index];
    struct wplog_datagram datagram = {.bytes = slot->vector.iov_base,
                                      .length = ring->messages[index].msg_len};
    if (slot->from.ss_family == AF_INET6) {
        const struct sockaddr_in6 *from = (const struct sockaddr_in6 *)&slot->from;
        memcpy(&datagram.address_high, from->sin6_addr.s6_addr, 8);
        memcpy(&datagram.address_low, from->sin6_addr.s6_addr + 8, 8);
        datagram.address_high = be64toh(datagram.address_high);
        datagram.address_low = be64toh(datagram.address_low);
    } else {
        const struct sockaddr_in *from = (const struct sockaddr_in *)&slot->from;
        datagram.address_low = 0x0000FFFF00000000u | ntohl(from->sin_addr.s_addr);
    }
    return datagram;
}

uint32_t wplog_datagram_ring_drops(const struct wplog_datagram_ring *ring) { return ring->drops; }

uint32_t wplog_datagram_socket_drops(struct wplog_datagram_socket socket) {
    uint32_t values[MEMINFO_VALUES] = {0};
    socklen_t length = sizeof values;
    if (getsockopt(socket.descriptor, SOL_SOCKET, SO_MEMINFO, values, &length) != 0) return 0;
    return length >= sizeof values ? values[MEMINFO_DROPS] : 0;
}

void wplog_datagram_address_text(uint64_t high, uint64_t low, char *text) {
    uint64_t parts[2] = {htobe64(high), htobe64(low)};
    const unsigned char *bytes = (const unsigned char *)parts;
    text[0] = 0;
    if (high == 0 && low >> 32 == 0xFFFF)
        inet_ntop(AF_INET, bytes + 12, text, 46);
    else
        inet_ntop(AF_INET6, bytes, text, 46);
}
