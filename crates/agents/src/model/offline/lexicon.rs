//! What the model knows of languages beside the definition: which words carry no meaning, yes and no, and which words
//! mean about the same in a customer's mouth. A language that is not here works too, by the definition's words alone.

/// The words of one language, folded as [`super::text::fold`] does.
#[derive(Debug)]
pub(crate) struct Language {
    /// BCP-47 primary subtag.
    pub(crate) code: &'static str,
    /// Words that say little by themselves.
    pub(crate) function_words: &'static str,
    /// Alone they are a yes.
    pub(super) yes: &'static str,
    /// Alone they are a no.
    pub(super) no: &'static str,
    /// They negate what follows.
    pub(super) negations: &'static str,
    /// They say that something is asked for.
    pub(super) wants: &'static str,
    /// The verbs among them: what stands behind "do not" and these is not wanted.
    pub(super) desires: &'static str,
    /// They join a second request.
    pub(super) ands: &'static str,
    /// They begin a clause that corrects or adds.
    pub(super) buts: &'static str,
    /// Joins the last two of a list.
    pub(super) and: &'static str,
}

/// The languages known.
pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        code: "es",
        function_words: "perdon perdona perdone disculpa disculpe disculpen siento equivoque a al algo ante aqui asi aun bien cada como con cual cuando de del desde donde el ella ellos en \
            entonces era eran es esa ese eso esta estan este esto estoy fue ha han hasta hay he ir la las le les lo los \
            me mi mis mucho mucha muchos muchas mil muy nada ni nos o os otra otro para pero por porque que quien se ser si sin sobre solo son \
            soy su sus tal tan te tengo ti tiene todo tu tus un una unas uno unos va vez voy y ya yo hace aca alla \
            favor porfa porfavor pues tambien ademas mas menos usted ustedes nosotros esos esas estos estas podria \
            podrian puede pueden puedo puedes quiero quisiera necesito xfa q",
        yes: "si claro dale ok okey okay bueno ya listo correcto exacto afirmativo sip obvio vale perfecto acuerdo",
        no: "no nop tampoco negativo nunca",
        negations: "no ni nunca sin tampoco",
        wants: "quiero queria quisiera querria quieres necesito necesitaria necesitamos queremos deseo gustaria puedo \
            puedes puede pueden podria podrias podrian podemos prefiero favor porfavor porfa dame deme dime digame \
            ayudame ayudeme hagan haz abre abra abreme crea cree registra registre cual cuanto cuando donde como",
        desires: "quiero queria quisiera quieres queremos necesito necesitamos deseo prefiero gustaria",
        ands: "y e ademas tambien luego despues",
        buts: "pero sino aunque mejor",
        and: "y",
    },
    Language {
        code: "en",
        function_words: "sorry excuse pardon mistake oops a about after all also am an and any are as at be been but by can could did do does for from \
            get give go had has have he her here hers him his how i id if ill im in into is it its itd just let like lot lots many much \
            me my myself no not now of off on one or our out please she should so some than that thats the their \
            them then there these they this those to too u up us was we were what whats when where which who will \
            with would yet you your yours dont doesnt didnt isnt havent hasnt cant wont ive been being want need \
            pls plz still very really think",
        yes: "yes yeah yep yup sure ok okay right correct exactly absolutely certainly fine",
        no: "no nope nah never",
        negations: "no not never dont doesnt didnt isnt havent hasnt cant cannot wont wouldnt without",
        wants: "want wanna need like can could would please let give show tell may help get how when where what id",
        desires: "want wanna need wish prefer",
        ands: "and also plus then besides",
        buts: "but instead rather actually just though",
        and: "and",
    },
    Language {
        code: "pt",
        function_words: "desculpa desculpe perdao a ao aos as com como da das de dela dele do dos e ela ele eles em era essa esse esta estao este \
            estou eu foi ha isso isto ja la lhe mais mas me meu meus minha minhas muito muita muitos muitas na nao nas nem no nos num numa \
            o os ou para pela pelo por porque pra qual quando que quem se sem ser seu seus so sobre sua suas tambem te \
            tem tenho teu toda todo um uma umas uns vai voce voces vou onde ainda aqui agora entao quero queria preciso \
            gostaria posso pode poderia podem favor",
        yes: "sim claro ok pode certo isso exato correto beleza perfeito",
        no: "nao nunca negativo",
        negations: "nao nem nunca sem",
        wants: "quero queria queremos preciso precisamos gostaria desejo posso pode podem poderia podia prefiro favor \
            diga me de ajude abra abre crie registre faca qual quanto quando onde como",
        desires: "quero queria queremos preciso precisamos gostaria desejo prefiro",
        ands: "e tambem alem depois",
        buts: "mas porem alias melhor",
        and: "e",
    },
    Language {
        code: "fr",
        function_words: "pardon excusez desole a ai ais au aux avec c ca ce ces cette chez comme d dans de des du elle en encore est et etait \
            eu il ils j je l la le les leur lui m ma mais me mes moi mon n ne nos notre nous on ou par pas pour qu que \
            quel quelle qui s sa se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y veux voudrais \
            peux pouvez plait",
        yes: "oui ouais ok daccord bien correct exact parfait",
        no: "non jamais",
        negations: "ne n pas jamais sans non",
        wants: "veux voudrais souhaite besoin peux pouvez pourriez puis aimerais plait donnez dites quel quand ou comment",
        desires: "veux voudrais souhaite aimerais prefere",
        ands: "et aussi puis ensuite",
        buts: "mais plutot finalement",
        and: "et",
    },
    Language {
        code: "de",
        function_words: "entschuldigung sorry verzeihung aber als am an auch auf aus bei bin bitte da das dass dein dem den der des die dir du ein eine \
            einem einen einer er es fur habe haben hat ich ihr im in ist ja kann konnen mein meine meinem meinen meiner \
            mich mir mit nach nicht noch nun nur ob oder sein sich sie sind so um und uns von war was wenn wer wie wir \
            wird wo zu zum zur mochte will brauche",
        yes: "ja jawohl ok klar genau richtig gerne",
        no: "nein nie niemals",
        negations: "nicht kein keine keinen keiner nie ohne nein",
        wants: "mochte will wurde brauche kann konnen konnten bitte gib geben sagen wo wann wie was hatte",
        desires: "mochte will brauche wunsche",
        ands: "und auch dann ausserdem",
        buts: "aber sondern lieber eigentlich doch",
        and: "und",
    },
    Language {
        code: "it",
        function_words: "scusi scusa a ad ai al alla alle anche c che chi ci come con cosa da dal dalla de dei del della delle di \
            dove e ed era gli ha hai hanno ho i il in io la le lei lo loro lui ma me mi mia mie miei mio ne nei nel \
            nella no noi non o per perche piu quale quando quello questa questo se si sono sta su sua suo te ti tu tua \
            tuo un una uno vi voi vorrei voglio posso puo potete favore",
        yes: "si certo ok esatto corretto va perfetto",
        no: "no mai",
        negations: "non ne mai senza no",
        wants: "voglio vorrei desidero bisogno posso puo puoi potete potrei potrebbe favore dammi dimmi quale quando dove come",
        desires: "voglio vorrei desidero preferisco",
        ands: "e ed anche poi inoltre",
        buts: "ma pero anzi invece piuttosto",
        and: "e",
    },
];

/// Words that mean about the same when a customer says them. Each line is one meaning in all languages; a word may
/// stand in several. The first three are a person, talking, and passing on.
pub(super) const MEANINGS: &[&str] = &[
    "persona personas humano humana alguien agente ejecutivo ejecutiva asesor asesora operador operadora representante \
     encargado supervisor gente human person someone somebody agent representative rep operator advisor staff people \
     pessoa atendente alguem personne conseiller mensch mitarbeiter jemand qualcuno operatore real",
    "hablar habla hablo converso conversar comunicar comunicarme contactar contactarme charlar llamar llamen talk talking \
     speak speaking chat contact call falar falo conversar contatar ligar parler sprechen parlare",
    "pasar pasame paseme pasen ponme comunicame transferir transfiereme transfiera transfieran derivar derivame derivenme conectar comunicar \
     comuniqueme comunicame escalar escalarlo escala escalen transfer connect forward escalate handover passar passa passe transferir \
     encaminhar",
    "estado status situacion seguimiento rastrear rastreo tracking track state progress andamento situacao rastreamento \
     statut etat stato avance",
    "llegar llega llego llegado llegara llegan llegaron llegue recibir recibi recibido recibo entregar entregado entregan \
     entregaron entrega arrive arrived arrives arriving receive received deliver delivered delivery chegar chega chegou \
     receber recebi entregue entregar arriver recu livraison",
    "tarde atraso atrasado atrasada retraso retrasado retrasada demora demorado demorada demoran tarda tardando late delay \
     delayed overdue atraso demora demorando retard",
    "problema problemas inconveniente falla error dificultad problem problems issue issues trouble wrong probleme fehler",
    "reclamo reclamos queja quejas quejarme reclamar reclamacion denuncia complaint complaints complain claim reclamacao \
     queixa reclamer reclamation beschwerde reclamo",
    "ticket tickets caso folio incidencia case ocorrencia protocolo chamado",
    "abrir abre abra abran abrirme crear crea cree creen generar genera genere levantar levanta ingresar ingresa poner \
     registrar registra registre open create raise file log submit start lodge abrir criar abra crie ouvrir creer aprire",
    "pedido pedidos orden ordenes compra compras order orders purchase encomenda compra commande bestellung ordine",
    "paquete paquetes encomienda envio bulto caja package packages parcel parcels shipment box pacote encomenda colis paket \
     pacco cosas stuff item items",
    "saber conocer ver veo consultar consulta revisar revisa averiguar verificar know check see find look view consulter \
     verificar consultar saber ver",
    "cancelar cancela cancele cancelacion anular anula anulacion cancel cancelled cancellation cancelamento desmarcar \
     annuler absagen stornieren annullare",
    "cambiar cambia cambio modificar modifica mover mueve reprogramar reagendar postergar correr change modify move \
     reschedule postpone shift mudar alterar remarcar reagendar adiar changer deplacer verschieben cambiare spostare",
    "reservar reserva reservacion book booking reserve reservation reservieren reserver prenotare prenotazione",
    "cita hora turno agendar agenda appointment appointments visit schedule slot consulta agendar marcar horario \
     rendezvous termin appuntamento",
    "precio precios costo coste valor tarifa tarifas cuesta cuestan vale cobran price prices cost costs rate rates fee fees \
     charge preco custo valor tarifa prix preis prezzo quanto cuanto",
    "pagar pago pague abonar abono pay paid payment payments pagamento paguei payer zahlen pagare",
    "reembolso reembolsar devolucion devolver devuelvan refund refunds refunded moneyback reembolso devolucao remboursement \
     erstattung rimborso",
    "perdido perdida perdi perdio extraviado extravio extravie lost missing misplaced perdi perdeu extraviado perdu verloren",
    "robado robada robaron robo stolen theft roubado roubada roubaram furto vole gestohlen rubata",
    "roto rota danado danada quebrado malo mala defectuoso estropeado golpeado broken damaged faulty defective cracked \
     quebrado danificado casse kaputt rotto",
    "bloquear bloquea bloqueen bloqueo block freeze lock disable suspend bloquear congelar bloquer sperren bloccare",
    "tarjeta tarjetas card cards cartao cartoes carte karte carta",
    "saldo dinero plata fondos balance money funds saldo dinheiro solde kontostand",
    "medico medica doctor doctora dr especialista physician specialist gp medico medica doutor doutora arzt docteur",
    "habitacion habitaciones cuarto pieza room rooms suite quarto quartos chambre zimmer camera",
    "bot robot maquina chatbot automatico automatica machine automated robo maquina",
    "ayuda ayudar ayudame ayudarme ayudeme help assist assistance support ajuda ajudar aide hilfe aiuto",
    "direccion domicilio address endereco adresse indirizzo",
    "horario horarios hours opening schedule horario abren abierto open horaires geoffnet orario",
    "clave contrasena password pin passcode senha passwort",
    "factura boleta cobro bill invoice receipt fatura recibo facture rechnung fattura",
    "meses mes semanas semana dias anos months month weeks week days mes semanas mois tage wochen",
    "urgente urgencia urgent urgently asap emergency emergencia urgencia urgente",
    "resultado resultados examen examenes analisis result results test tests lab exame exames resultats",
];
