import GRDB
import Glibc

/// What came of making the index of an archived part anew.
package struct RebuiltIndex: Sendable {
    package let part: ArchivePart
    package var events = 0
    /// Members that could not be read, and are not in the index.
    package var damage: [ArchiveDamage] = []
}

extension Store {
    /// The parts of the archive: all, or those of a year or a day.
    package func archivedParts(year: Int? = nil, day: Day? = nil) -> [ArchivePart] {
        archive.volumes().filter { year == nil || $0.year == year }.flatMap { archive.parts(of: $0) }
            .filter { day == nil || $0.day == day }
    }

    /// Makes the index of a part from its lines alone, and puts it in the place of the old one, if there is one.
    ///
    /// - `headBytes`: encoded bytes of the largest column that the index keeps; nil is what segments have in heads.
    package func rebuildIndex(of part: ArchivePart, headBytes: Int? = nil) throws -> RebuiltIndex {
        let path = archive.index(part) + PartWriter.temporarySuffix
        var result = RebuiltIndex(part: part)
        let index = try NewDatabase.open(path) { try ArchiveIndex.create(in: $0) }
        do {
            try archive.index(part, into: index, path, headBytes ?? BlockCodec.smallBytes, &result)
            try NewDatabase.finish(index, path)
        } catch {
            try? index.close()
            _ = unsafe unlink(path)
            throw error
        }
        try onWriter {
            let wasSealed = archive.isSealed(part.volume)
            if wasSealed { archive.protect(part.volume, isProtected: false) }
            guard unsafe rename(path, archive.index(part)) == 0 else {
                throw StoreError.system("rename", path)
            }
            try FileBytes.syncFolder(of: path)
            try VolumeSums.forget([part.name + ".sqlite"], archive, part.volume)
            try VolumeSums.update(archive, part.volume)
            if wasSealed { try archive.reseal(part.volume) }
            let fresh = Segment(part, in: archive)
            updateArchives { archives in
                archives[part.day, default: []].removeAll { $0.part == part }
                archives[part.day, default: []].append(fresh)
            }
            // A day that is in the store as well counts there no more.
            if let live = liveSegments.first(where: { $0.day == part.day }),
                try !live.restoredParts().contains(part.description), let last = try fresh.lastSequence()
            {
                live.hide(through: last)
            }
        }
        return result
    }
}

extension ArchiveLayout {
    fileprivate func index(
        _ part: ArchivePart, into index: DatabaseQueue, _ path: String, _ headBytes: Int,
        _ result: inout RebuiltIndex
    ) throws {
        let file = try ArchiveFile(lines(part))
        var walk = MemberWalk(file)
        let expander = DeflateExpander()
        var builder = LineBlockBuilder(day: part.day)
        var members: [ArchiveMember] = []
        var nextBlock: Int64 = 1
        func finishBlock() throws {
            guard builder.count > 0 else { return }
            var compressor = ZstdCompressor()
            var encoded = try BlockCodec.encode(builder.block, with: &compressor, headBytes: headBytes)
            encoded.parts = []
            let info = BlockInfo(id: nextBlock, builder.block, timeTerms: encoded.timeTerms)
            let hosts = try PartEncoder.hosts(of: BlockReader(builder.block))
            try NewDatabase.write(index, path) { database in
                try SegmentWriter.insert(encoded, info, into: database)
                for member in members { try ArchiveIndex.insert(member, block: nextBlock, into: database) }
                try ArchiveIndex.add(hosts, into: database)
            }
            nextBlock += 1
            result.events += info.events
            builder = LineBlockBuilder(day: part.day)
            members = []
        }
        var lastEnd = 0
        while let (member, text) = try walk.next(expander) {
            // Behind a gap nobody knows where its block began; and a block has no more rows than a block can have.
            let isGap = member.offset != lastEnd
            if member.beginsBlock || isGap || builder.count + member.events > IndexLimits.eventsPerBlock {
                try finishBlock()
            }
            lastEnd = member.offset + member.bytes
            builder.beginMember()
            var start = 0
            for end in text.indices where text[end] == 0x0A {
                do { try builder.add(text, start..<end) } catch {
                    throw StoreError.damaged("\(file.path): the member at byte \(member.offset): \(error)")
                }
                start = end + 1
            }
            members.append(member)
        }
        try finishBlock()
        result.damage = walk.damage
    }

    /// Seals a volume again whose files were made anew, with the time of its first seal.
    func reseal(_ volume: ArchiveVolume) throws {
        try updateSeal(volume)
        protect(volume, isProtected: true)
    }
}
